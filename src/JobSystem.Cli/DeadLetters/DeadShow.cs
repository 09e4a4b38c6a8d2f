using System.Globalization;
using System.Text;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;

namespace JobSystem.Cli.DeadLetters;

/// <summary>Shows one dead letter with all that is known of it; changes nothing.</summary>
internal sealed class DeadShow(DeadSettings settings, string id, bool bodyOnly, BrokerSession session, Screen screen)
{
    private const int MaxBodyShown = 4096;

    public async Task<int> RunAsync()
    {
        await using var dead = await DeadQueue.OpenAsync(session, settings);
        await foreach (var delivery in dead.TakeAsync())
        {
            await dead.PutBackAsync(delivery);
            if (delivery.Job.Id.Value == id)
            {
                Show(delivery.Job);
                return ExitCode.Done;
            }
        }

        screen.Problem($"There is no dead letter '{id}' among the {dead.Count} of '{settings.Queue}'.");
        return ExitCode.Failed;
    }

    private void Show(Job job)
    {
        if (bodyOnly)
        {
            screen.Out.Write(job.Body.Span);
            return;
        }

        if (settings.Json)
        {
            var isText = TextOf(job) is not null;
            screen.Out.WriteLine(JsonLine.Of(
            [
                .. DeadLetter.ToParts(job), ("body", TextOf(job) ?? (object)job.Body.ToArray()),
                ("bodyEncoding", isText ? "text" : "base64"),
            ]));
            return;
        }

        foreach (var (name, value) in DeadLetter.ToParts(job))
        {
            if (value is IReadOnlyDictionary<string, object?> headers)
            {
                foreach (var (header, content) in headers)
                {
                    screen.Out.WriteLine(Printable.FirstLine($"header {header}: {content}", 1000));
                }
            }
            else if (value is not null)
            {
                screen.Out.WriteLine($"{name}: {Printable.Lines(Spell(value))}");
            }
        }

        screen.Out.WriteLine($"body: {BodyOf(job)}");
    }

    // As in logs and on the wire: a date with the month in front is read differently here and there.
    private static string Spell(object value) => value is DateTimeOffset time
        ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : $"{value}";

    private static string BodyOf(Job job) => TextOf(job) switch
    {
        null => $"{job.Body.Length} bytes that are no text; --body writes them as they are.",
        { Length: > MaxBodyShown } text => Printable.Lines(text[..MaxBodyShown]) + " [cut; --body writes all of it]",
        var text => Printable.Lines(text),
    };

    private static string? TextOf(Job job)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(job.Body.Span);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
