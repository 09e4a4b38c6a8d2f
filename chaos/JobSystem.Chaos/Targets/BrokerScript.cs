using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Reverting;

namespace JobSystem.Chaos.Targets;

/// <summary>
/// <c>tests/brokers/broker KIND</c> of the repository this program was built in: the hands on every broker that is
/// ours. Found once; several calls may be under way at once.
/// </summary>
internal sealed class BrokerScript
{
    // The first `up` on a machine may install packages and build an image; everything else takes seconds.
    private static readonly TimeSpan _upDeadline = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    private readonly string _script;
    private readonly string _kind;
    private readonly TimeProvider _clock;

    /// <param name="kind">As the script names it.</param>
    /// <param name="from">A folder of the repository: this program's.</param>
    /// <param name="clock">For deadlines.</param>
    /// <exception cref="TargetException">There is no repository around that folder.</exception>
    public BrokerScript(string kind, string from, TimeProvider clock)
    {
        (_kind, _clock) = (kind, clock);
        _script = Path.Combine(RootAbove(from), "tests", "brokers", "broker");
    }

    /// <summary>Runs a verb and returns what it printed.</summary>
    /// <exception cref="TargetException">It could not; the text is what it said.</exception>
    public async Task<string> RunAsync(string verb, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var deadline = verb == "up" ? _upDeadline : _deadline;
        var run = await RunToEndAsync([_script, _kind, verb, .. arguments], deadline, cancel);
        return run.ExitCode == 0
            ? run.Output
            : throw new TargetException($"broker {_kind} {verb} {string.Join(' ', arguments)}: {WhyOf(run)}");
    }

    private async Task<ProgramRun> RunToEndAsync(string[] arguments, TimeSpan deadline, CancellationToken cancel)
    {
        try
        {
            return await ProgramRun.ToEndAsync("bash", arguments, deadline, _clock, cancel);
        }
        catch (ProgramException error)
        {
            throw new TargetException(error.Message);
        }
    }

    /// <summary>The same as something that can be journaled.</summary>
    public Revert ToRevert(string verb, IReadOnlyList<string> arguments, string why) =>
        new Revert.Command("bash", [_script, _kind, verb, .. arguments], why);

    // Of rabbitmqctl the first lines say what went wrong, of the script the last.
    private static string WhyOf(ProgramRun run) => run.Errors.Length is > 0 and <= 500
        ? run.Errors
        : run.LastWords;

    /// <summary>The root of the repository around a folder.</summary>
    /// <exception cref="TargetException">There is none.</exception>
    public static string RootAbove(string folder)
    {
        for (var place = new DirectoryInfo(folder); place is not null; place = place.Parent)
        {
            if (File.Exists(Path.Combine(place.FullName, "JobSystem.sln")))
            {
                return place.FullName;
            }
        }

        throw new TargetException(
            $"No JobSystem.sln above {folder}: brokers of our own are started by the scripts of the repository. "
            + "Run chaos from a clone of it, or name a broker: --target amqp://...");
    }
}
