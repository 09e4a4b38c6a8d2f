using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using JobSystem.Terminal.Arguments;
using Microsoft.Extensions.Logging;

namespace JobSystem.Terminal.Output;

/// <summary>One entry of the log.</summary>
/// <param name="Time">Local.</param>
/// <param name="Values">What the message was made of; its names become names in JSON.</param>
internal sealed record LogEntry(
    DateTimeOffset Time,
    LogLevel Level,
    EventId Event,
    string Message,
    Exception? Error,
    IReadOnlyList<KeyValuePair<string, object?>> Values);

/// <summary>How an entry looks to a person and to a machine. Pure.</summary>
internal static class LogFormat
{
    private const string Iso = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private const string TemplateName = "{OriginalFormat}";

    /// <summary>Time, level, message; its further lines are indented, control characters taken out.</summary>
    public static string Human(LogEntry entry, bool colours)
    {
        var (word, colour) = entry.Level switch
        {
            LogLevel.Trace or LogLevel.Debug => ("debug", "\e[2m"),
            LogLevel.Information => ("info ", "\e[32m"),
            LogLevel.Warning => ("warn ", "\e[33m"),
            _ => ("error", "\e[31m"),
        };
        var time = entry.Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var message = InWords(entry);
        var text = Printable.Lines(entry.Error is null ? message : $"{message}\n{entry.Error}");
        var indented = text.Replace("\n", "\n                   ", StringComparison.Ordinal);
        return colours ? $"\e[2m{time}\e[0m {colour}{word}\e[0m {indented}" : $"{time} {word} {indented}";
    }

    /// <summary>Durations as people say them.</summary>
    private static string InWords(LogEntry entry) => entry.Values
        .Select(static value => value.Value)
        .OfType<TimeSpan>()
        .Aggregate(entry.Message, static (message, duration) =>
            message.Replace($"{duration}", DurationText.Format(duration), StringComparison.Ordinal));

    /// <summary>One JSON object in one line.</summary>
    public static string Json(LogEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonLine.Options))
        {
            json.WriteStartObject();
            json.WriteString("time", entry.Time.ToUniversalTime().ToString(Iso, CultureInfo.InvariantCulture));
            json.WriteString("level", entry.Level.ToString().ToLowerInvariant());
            json.WriteString("event", entry.Event.Name ?? entry.Event.Id.ToString(CultureInfo.InvariantCulture));
            json.WriteString("message", InWords(entry));
            foreach (var (name, value) in entry.Values)
            {
                if (name != TemplateName)
                {
                    JsonLine.WriteValue(json, JsonNamingPolicy.CamelCase.ConvertName(name), value);
                }
            }

            if (entry.Error is not null)
            {
                json.WriteString("error", entry.Error.ToString());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
