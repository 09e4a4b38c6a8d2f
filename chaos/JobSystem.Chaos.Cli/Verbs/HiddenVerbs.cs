using System.CommandLine;
using JobSystem.Chaos.Systems;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary>What this program is when it is started by itself: a worker, a producer, a guard.</summary>
internal static class HiddenVerbs
{
    private static readonly Argument<string> _folder = new("folder");
    private static readonly Argument<string> _name = new("name");
    private static readonly Argument<int> _member = new("member");
    private static readonly Argument<int> _done = new("done");

    public static Command Worker()
    {
        var verb = new Command("worker") { _folder, _name };
        verb.Hidden = true;
        verb.SetAction((parsed, _) => new WorkerProcess(
            parsed.GetValue(_name)!, parsed.GetValue(_folder)!, TimeProvider.System).RunAsync());
        return verb;
    }

    public static Command Producer()
    {
        var verb = new Command("producer") { _folder, _name, _member, _done };
        verb.Hidden = true;
        verb.SetAction((parsed, _) => new ProducerProcess(
            parsed.GetValue(_name)!, parsed.GetValue(_folder)!, parsed.GetValue(_member), parsed.GetValue(_done),
            TimeProvider.System).RunAsync());
        return verb;
    }

    public static Command DropQueue()
    {
        var verb = new Command(Targets.ForeignQueues.Verb) { _name };
        verb.Hidden = true;
        verb.SetAction((parsed, cancel) =>
            Targets.ForeignQueues.DropAsync(parsed.GetValue(_name)!, TimeProvider.System, cancel));
        return verb;
    }

    public static Command Guard()
    {
        var verb = new Command(Reverting.Guard.Verb) { _folder };
        verb.Hidden = true;
        verb.SetAction((parsed, _) =>
            Reverting.Guard.RunAsync(parsed.GetValue(_folder)!, Console.OpenStandardInput()));
        return verb;
    }
}
