using System.CommandLine;
using JobSystem.Cli.Doctor;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;
using Microsoft.Extensions.Logging;

namespace JobSystem.Cli.Verbs;

/// <summary><c>jobs doctor</c>: says whether a broker and queues are fit for jobs, and what to do if not.</summary>
internal static class DoctorVerb
{
    private static readonly Option<string?> _broker = CommonOptions.Broker();
    private static readonly Option<string[]> _queues = Options.Texts("--queue",
        "A queue to look at; repeatable.", "NAME");

    private static readonly Option<TimeSpan?> _connectTimeout = CommonOptions.ConnectTimeout("one try");
    private static readonly Option<string?> _management = CommonOptions.Management();
    private static readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var verb = new Command("doctor", "Says whether a broker and queues are fit for jobs, and what to do if not.")
        {
            _broker, _queues, _management, _connectTimeout, _json,
        };
        verb.SetAction(RunAsync);
        return verb.WithMore("""
            Connects, publishes jobs to a queue of its own and takes them back, and looks at the queues that are named:
            how each can lose jobs, and what cures it. Exit code 1 if something is wrong.
            Options of amqps:// that decide about certificates (each a PEM file):
              ca=FILE            roots to trust instead of the machine's
              server-name=NAME   the name in the broker's certificate, where it is not the host's
              cert=FILE, key=FILE, key-password=TEXT    the client certificate, for brokers that want one
              auth=external      log in by that certificate, without user and password
              verify=none        take any certificate: for trials only

            Examples:
              jobs doctor --broker amqp://localhost --queue hello --queue images
              jobs doctor --broker 'amqps://broker.example?ca=root.pem&cert=me.pem&key=me.key'
            """);
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var broker = CommonOptions.BrokerOf(parsed, _broker);
        var queues = (parsed.GetValue(_queues) ?? []).Select(CommonOptions.QueueName).Distinct().ToList();
        var json = parsed.GetValue(_json);
        var screen = Screen.Detect(JobsProgram.Name);
        using var log = screen.OpenLog(LogLevel.Warning, json);
        var clock = TimeProvider.System;
        var startedAt = clock.GetTimestamp();
        await using var session = await BrokerSession.OpenAsync(broker, parsed.GetValue(_connectTimeout), log, clock);
        var connectedIn = clock.GetElapsedTime(startedAt);
        await using var publishing = await BrokerSession.OpenAsync(broker, null, log, clock);
        var findings = await new Examination(session, publishing, clock, new Random())
            .RunAsync(connectedIn, queues, await CommonOptions.LookAsync(parsed, _management, broker, queues));
        foreach (var finding in findings)
        {
            Tell(screen, finding, json);
        }

        return findings.Any(static finding => finding.Verdict == Verdict.Wrong) ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Tell(Screen screen, Finding finding, bool json)
    {
        if (json)
        {
            screen.Out.WriteLine(JsonLine.Of(
                ("check", finding.Check), ("verdict", finding.Verdict.ToString().ToLowerInvariant()),
                ("text", finding.Text)));
            return;
        }

        var (word, colour) = finding.Verdict switch
        {
            Verdict.Good => ("ok   ", "\e[32m"),
            Verdict.Note => ("note ", "\e[33m"),
            _ => ("wrong", "\e[31m"),
        };
        var mark = screen is { IsOutTerminal: true, Colours: true } ? $"{colour}{word}\e[0m" : word;
        screen.Out.WriteLine($"{mark} {finding.Check}: {Printable.Lines(finding.Text)}");
    }
}
