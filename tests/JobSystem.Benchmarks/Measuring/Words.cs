using System.Globalization;

namespace JobSystem.Benchmarks.Measuring;

/// <summary>How figures are written. Pure.</summary>
internal static class Words
{
    /// <summary>Three digits at least, thousands apart.</summary>
    public static string Number(double number) => Math.Abs(number) switch
    {
        >= 100 => number.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => number.ToString("0.0", CultureInfo.InvariantCulture),
        _ => number.ToString("0.00", CultureInfo.InvariantCulture),
    };

    public static string Rate(double perSecond) => perSecond >= 1e6
        ? $"{(perSecond / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} M"
        : perSecond.ToString("N0", CultureInfo.InvariantCulture);

    public static string Ratio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Times(double times) => times.ToString("N0", CultureInfo.InvariantCulture);

    public static string Bytes(double bytes) => Math.Abs(bytes) switch
    {
        >= 10 * 1024 * 1024 => $"{(bytes / 1024 / 1024).ToString("N0", CultureInfo.InvariantCulture)} MB",
        >= 10 * 1024 => $"{Number(bytes / 1024)} KB",
        _ => $"{bytes.ToString("N0", CultureInfo.InvariantCulture)} B",
    };

    public static string Seconds(double seconds) => seconds >= 1
        ? $"{Number(seconds)} s"
        : $"{Number(seconds * 1000)} ms";

    public static string Percent(double part) => part.ToString("0.00 %", CultureInfo.InvariantCulture);
}
