using System.CommandLine;
using JobSystem.Cli.Output;
using JobSystem.Cli.Queues;
using JobSystem.RabbitMq.Management;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;

namespace JobSystem.Cli.Verbs;

/// <summary><c>jobs queues</c>: lists, shows, declares and deletes queues.</summary>
internal static class QueuesVerb
{
    private static readonly Option<string?> _broker = CommonOptions.Broker();
    private static readonly Option<bool> _json = CommonOptions.Json();
    private static readonly Option<bool> _yes = CommonOptions.Yes();
    private static readonly Option<TimeSpan?> _connectTimeout = CommonOptions.ConnectTimeout("one try");
    private static readonly Argument<string> _name = new("NAME") { Description = "The work queue." };
    private static readonly Option<QueueKind> _type = new("--type")
    {
        Description = "quorum (replicated, the default) or classic.",
        HelpName = "quorum|classic",
        CustomParser = result => result.Tokens[^1].Value switch
        {
            "quorum" => QueueKind.Quorum,
            "classic" => QueueKind.Classic,
            var other => Refuse(result, other),
        },
    };

    private static readonly Option<string?> _management = CommonOptions.Management();

    public static Command Create() => new Command("queues", "Lists, shows, declares and deletes queues.")
    {
        Verb("list", "Lists the queues, each with its lanes.", ListAsync, [_management])
            .WithMore("""
            READY waits, UNACKED is being worked on, QUARANTINE waits because its workers died, DEAD are dead letters.
            The numbers come from RabbitMQ's management API and lag by up to five seconds.

            Examples:
              jobs queues list --broker amqp://localhost
              jobs queues list --management http://broker:15672 --json
            """),
        Verb("show", "Shows a queue, its lanes, and how it can lose jobs.", ShowAsync,
            [_management, _connectTimeout], _name).WithMore("""
            What policies do to it, and how many delayed jobs wait past their time because it takes no more, is seen
            through the management API; where that does not answer, this is said.

            Examples:
              jobs queues show hello --broker amqp://localhost
            """),
        Verb("declare", "Declares a queue and its lanes. Workers and enqueue do it by themselves.", DeclareAsync,
            [_type, _connectTimeout], _name).WithMore("""
            It fails, with the ways out, where the queue exists otherwise; what exists is never changed.

            Examples:
              jobs queues declare images
              jobs queues declare scratch --type classic
            """),
        Verb("delete", "Deletes a queue, its lanes and its delay queues with all jobs in them.", DeleteAsync,
            [_yes, _management, _connectTimeout], _name).WithMore("""
            It asks before, with the number of jobs in each. Jobs that a full queue holds up are in none of these
            numbers; the management API knows them, and where it answers they are named, too.

            Examples:
              jobs queues delete images
            """),
    };

    private static Command Verb(
        string name, string help, Func<ParseResult, Task<int>> action, Option[] options, params Argument[] arguments)
    {
        var verb = new Command(name, help);
        Array.ForEach(arguments, verb.Add);
        Option[] all = [_broker, .. options, _json];
        Array.ForEach(all, verb.Add);
        verb.SetAction(action);
        return verb;
    }

    private static QueueKind Refuse(System.CommandLine.Parsing.ArgumentResult result, string given)
    {
        result.AddError($"--type: '{given}' is neither quorum nor classic.");
        return default;
    }

    private static async Task<int> ListAsync(ParseResult parsed)
    {
        var broker = CommonOptions.BrokerOf(parsed, _broker);
        if (broker is not BrokerAddress.Rabbit rabbit)
        {
            var screen = Screen.Detect(JobsProgram.Name);
            using var log = screen.OpenLog(LogLevel.Warning, parsed.GetValue(_json));
            await using var session = await BrokerSession.OpenAsync(
                broker, parsed.GetValue(_connectTimeout), log, TimeProvider.System);
            var queues = await session.CallAsync(session.Connection.ListAsync()) ?? [];
            new QueueList(QueueRow.Group([.. queues.Select(ListedQueue.From)])).Write(screen, parsed.GetValue(_json));
            return ExitCode.Done;
        }

        using var api = new ManagementApi(rabbit.Options, CommonOptions.ManagementOf(parsed, _management, rabbit));
        try
        {
            new QueueList(QueueRow.Group(await api.ListAsync())).Write(
                Screen.Detect(JobsProgram.Name), parsed.GetValue(_json));
            return ExitCode.Done;
        }
        catch (TransportException absent)
        {
            // The broker itself may be there.
            throw new FailedException(absent.Message);
        }
    }

    private static Task<int> ShowAsync(ParseResult parsed) => OnQueueAsync(parsed, async (name, session, screen) =>
    {
        var shown = await QueueView.ReadAsync(session, name)
            ?? throw new FailedException($"There is no queue '{name}'.");
        var survey = await CommonOptions.LookAsync(
            parsed, _management, CommonOptions.BrokerOf(parsed, _broker), [name]);
        shown.Write(screen, parsed.GetValue(_json), survey);
        return ExitCode.Done;
    });

    private static Task<int> DeclareAsync(ParseResult parsed) => OnQueueAsync(parsed, async (name, session, screen) =>
    {
        var kind = parsed.GetValue(_type);
        await session.CallAsync(session.Connection.DeclareAsync(new QueueDeclaration(name, kind)));
        Tell(screen, parsed, $"The queue '{name}' and its lanes are there.", ("queue", name), ("result", "declared"));
        return ExitCode.Done;
    });

    private static Task<int> DeleteAsync(ParseResult parsed) => OnQueueAsync(parsed, async (name, session, screen) =>
    {
        var found = await QueueView.ReadWithDelaysAsync(session, name)
            ?? throw new FailedException($"There is no queue '{name}'.");
        var survey = await CommonOptions.LookAsync(
            parsed, _management, CommonOptions.BrokerOf(parsed, _broker), [name]);
        if (!Confirmation.Ask(screen, parsed.GetValue(_yes), found.Question(survey)))
        {
            return ExitCode.Failed;
        }

        var deleted = new List<(string Name, long Messages)>();
        foreach (var lane in found.Lanes)
        {
            if (await session.CallAsync(session.Connection.DeleteAsync(lane.Name)) is { } messages)
            {
                deleted.Add((lane.Name, messages));
            }
        }

        var words = deleted.Select(static each => $"'{each.Name}' ({each.Messages} messages)");
        Tell(screen, parsed, $"Deleted {string.Join(", ", words)}.",
            ("queue", name), ("result", "deleted"), ("messages", deleted.Sum(static each => each.Messages)),
            ("deleted", deleted.Select(static each => each.Name).ToArray()));
        return ExitCode.Done;
    });

    private static void Tell(
        Screen screen, ParseResult parsed, string words, params ReadOnlySpan<(string Name, object? Value)> parts) =>
        screen.Out.WriteLine(parsed.GetValue(_json) ? JsonLine.Of(parts) : words);

    private static async Task<int> OnQueueAsync(
        ParseResult parsed, Func<string, BrokerSession, Screen, Task<int>> act)
    {
        var name = CommonOptions.QueueName(parsed.GetValue(_name)!);
        var broker = CommonOptions.BrokerOf(parsed, _broker);
        var screen = Screen.Detect(JobsProgram.Name);
        using var log = screen.OpenLog(LogLevel.Warning, parsed.GetValue(_json));
        await using var session = await BrokerSession.OpenAsync(
            broker, parsed.GetValue(_connectTimeout), log, TimeProvider.System);
        return await act(name, session, screen);
    }
}
