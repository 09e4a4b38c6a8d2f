using System.Text.Json;
using JobSystem.Terminal.Output;
using Microsoft.Extensions.Logging;
using Xunit;

namespace JobSystem.Tests.Terminal;

public sealed class LogFormatTests
{
    private static readonly LogEntry _entry = new(
        new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(1)), LogLevel.Warning,
        new EventId(7, "Retried"), "Job a failed: first\nsecond \e[31mred\a", null,
        [
            new("Id", new JobId("a")), new("Attempt", 3), new("Delay", TimeSpan.FromSeconds(1.5)),
            new("{OriginalFormat}", "x"),
        ]);

    [Fact]
    public void A_person_reads_time_level_and_message_without_anything_that_moves_the_cursor()
    {
        Assert.Equal(
            "03:04:05.678 warn  Job a failed: first\n                   second [31mred",
            LogFormat.Human(_entry, colours: false));
        Assert.Contains("\e[33mwarn", LogFormat.Human(_entry, colours: true));
    }

    [Fact]
    public void A_program_reads_one_object_with_the_values_by_name()
    {
        var line = LogFormat.Json(_entry);
        var json = JsonDocument.Parse(line).RootElement;

        Assert.DoesNotContain('\n', line);
        Assert.Equal("2030-01-02T02:04:05.678Z", json.GetProperty("time").GetString());
        Assert.Equal("warning", json.GetProperty("level").GetString());
        Assert.Equal("Retried", json.GetProperty("event").GetString());
        Assert.Equal("a", json.GetProperty("id").GetString());
        Assert.Equal(3, json.GetProperty("attempt").GetInt32());
        Assert.Equal(1.5, json.GetProperty("delay").GetDouble());
        Assert.False(json.TryGetProperty("{OriginalFormat}", out _));
    }

    [Fact]
    public void A_duration_is_told_to_persons_and_programs_in_the_same_words()
    {
        var entry = _entry with { Message = $"Next try in {TimeSpan.FromSeconds(1.5)}." };

        Assert.EndsWith("Next try in 1.5 s.", LogFormat.Human(entry, colours: false), StringComparison.Ordinal);
        Assert.Contains("\"Next try in 1.5 s.\"", LogFormat.Json(entry), StringComparison.Ordinal);
    }
}
