using System.Globalization;

namespace JobSystem.Chaos.Reports;

/// <summary>Stages and figures of a report in words, for every form of it alike. Pure.</summary>
internal static class StageText
{
    public static string Of(RecoveryStage stage) => stage switch
    {
        RecoveryStage.Detected => "detected",
        RecoveryStage.Redelivery => "redelivery",
        RecoveryStage.FirstConfirm => "first confirm",
        RecoveryStage.FirstFinished => "first finished job",
        _ => "backlog drained",
    };

    /// <summary>Three digits that count: <c>85 µs</c>, <c>4.21 ms</c>, <c>1.5 s</c>, <c>3 min</c>.</summary>
    public static string Of(TimeSpan duration) => duration switch
    {
        { Ticks: <= 0 } => "0 ms",
        { TotalMilliseconds: < 1 } => Say(duration.TotalMicroseconds, "µs"),
        { TotalSeconds: < 1 } => Say(duration.TotalMilliseconds, "ms"),
        { TotalMinutes: < 2 } => Say(duration.TotalSeconds, "s"),
        { TotalHours: < 2 } => Say(duration.TotalMinutes, "min"),
        _ => Say(duration.TotalHours, "h"),
    };

    /// <summary>A moment of the run: <c>1:02.345</c>, minutes and seconds.</summary>
    public static string At(TimeSpan at) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)at.TotalMinutes}:{at:ss\\.fff}");

    /// <summary>With a comma at the thousands.</summary>
    public static string Of(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>At most so many characters of what others wrote.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";

    private static string Say(double number, string unit) => string.Create(
        CultureInfo.InvariantCulture,
        $"{number.ToString(number < 10 ? "0.##" : number < 100 ? "0.#" : "0", CultureInfo.InvariantCulture)} {unit}");
}
