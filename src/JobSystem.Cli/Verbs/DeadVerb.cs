using System.CommandLine;
using JobSystem.Cli.Brokers;
using JobSystem.Cli.DeadLetters;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;
using Microsoft.Extensions.Logging;

namespace JobSystem.Cli.Verbs;

/// <summary><c>jobs dead</c>: shows the dead letters of a queue, runs them again, or drops them.</summary>
internal static class DeadVerb
{
    private static readonly TimeSpan _defaultPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(5);

    private static readonly Option<string?> _broker = CommonOptions.Broker();
    private static readonly Option<string?> _queue = CommonOptions.Queue();
    private static readonly Option<string[]> _where = Options.Texts("--where",
        $"Only those for which all of it holds: {DeadCondition.Help}; repeatable, or with commas.", "C");

    private static readonly Option<int?> _limit = Options.Number("--limit",
        "Maximum number of matches. Default: list shows 100, requeue and purge take all.", 1, int.MaxValue);

    private static readonly Option<bool> _dryRun = Options.Flag("--dry-run", "Say what would happen, change nothing.");
    private static readonly Option<bool> _yes = CommonOptions.Yes();
    private static readonly Option<bool> _body = Options.Flag("--body", "Write the payload as it is, nothing else.");
    private static readonly Option<bool> _json = CommonOptions.Json();
    private static readonly Option<TimeSpan?> _connectTimeout = CommonOptions.ConnectTimeout("one try");
    private static readonly Argument<string> _id = new("ID") { Description = "The job's id." };

    public static Command Create() => new("dead", "Shows the dead letters of a queue, runs them again or drops them.")
    {
        Verb("list", "Shows dead letters.", ListAsync, [_where, _limit]).WithMore("""
            Reasons: attempts-exhausted, timed-out, not-retryable, unknown-type, worker-lost, move-refused (the broker
            took no retry of it); and the broker's own: expired, maxlen, rejected, delivery-limit.

            Examples:
              jobs dead list --queue images
              jobs dead list --queue images --where reason=not-retryable,older-than=1d --json
            """),
        Verb("show", "Shows one dead letter with its error, headers and payload.", ShowAsync, [_body], _id).WithMore("""
            Examples:
              jobs dead show 01998c1e-... --queue images
              jobs dead show 01998c1e-... --queue images --body > cat.json
            """),
        Verb("requeue", "Runs dead letters again, as a first attempt with the same id.", RequeueAsync,
            [_where, _limit, _dryRun]).WithMore("""
            A dead letter is dropped only after the broker has confirmed its copy in the work queue. Those that do not
            match stay. The ids of those that were requeued are printed.

            Examples:
              jobs dead requeue --queue images --where 'error~connection refused' --dry-run
              jobs dead requeue --queue images --where reason=timed-out
            """),
        Verb("purge", "Drops dead letters for good.", PurgeAsync, [_where, _limit, _dryRun, _yes]).WithMore("""
            Examples:
              jobs dead purge --queue images --where older-than=30d --dry-run
              jobs dead purge --queue images --where type=thumbnail --yes
            """),
    };

    private static Command Verb(
        string name, string help, Func<ParseResult, Task<int>> action, Option[] options, params Argument[] arguments)
    {
        var verb = new Command(name, help);
        Array.ForEach(arguments, verb.Add);
        Option[] all = [_broker, _queue, .. options, _json, _connectTimeout];
        Array.ForEach(all, verb.Add);
        verb.SetAction(action);
        return verb;
    }

    private static Task<int> ListAsync(ParseResult parsed) => OnQueueAsync(parsed, (settings, _, session, screen) =>
        new DeadList(settings, session, screen, TimeProvider.System).RunAsync());

    private static Task<int> ShowAsync(ParseResult parsed) => OnQueueAsync(parsed, (settings, _, session, screen) =>
        new DeadShow(settings, parsed.GetValue(_id)!, parsed.GetValue(_body), session, screen).RunAsync());

    private static Task<int> PurgeAsync(ParseResult parsed) =>
        OnQueueAsync(parsed, (settings, _, session, screen) =>
            new DeadMove(settings, null, session, screen, TimeProvider.System).RunAsync());

    private static Task<int> RequeueAsync(ParseResult parsed) =>
        OnQueueAsync(parsed, async (settings, broker, session, screen) =>
        {
            using var log = screen.OpenLog(LogLevel.Warning, settings.Json);
            await using var server = new JobSystemBuilder().UseTransport(broker.Open).Start(loggerFactory: log);
            await Readiness.WaitAsync(
                server, settings.ConnectTimeout ?? _defaultPatience, server.Stopped, TimeProvider.System);
            var exitCode = await new DeadMove(settings, job => server.Client.RequeueAsync(job, settings.Queue),
                session, screen, TimeProvider.System).RunAsync();
            await server.DrainAsync(_drain);
            return exitCode;
        });

    private static async Task<int> OnQueueAsync(
        ParseResult parsed, Func<DeadSettings, BrokerAddress, BrokerSession, Screen, Task<int>> act)
    {
        var settings = new DeadSettings
        {
            Queue = CommonOptions.QueueOf(parsed, _queue),
            Where = DeadCondition.Parse(Given(parsed, _where) ?? []),
            Limit = Given(parsed, _limit),
            DryRun = Given(parsed, _dryRun),
            Yes = Given(parsed, _yes),
            Json = parsed.GetValue(_json),
            ConnectTimeout = parsed.GetValue(_connectTimeout),
        };
        var broker = CommonOptions.BrokerOf(parsed, _broker);
        var screen = Screen.Detect(JobsProgram.Name);
        using var log = screen.OpenLog(LogLevel.Warning, settings.Json);
        await using var session = await BrokerSession.OpenAsync(
            broker, settings.ConnectTimeout, log, TimeProvider.System);
        return await act(settings, broker, session, screen);
    }

    /// <summary>An option that not every one of these verbs has.</summary>
    private static T? Given<T>(ParseResult parsed, Option<T> option) =>
        parsed.CommandResult.Command.Options.Contains(option) ? parsed.GetValue(option) : default;
}
