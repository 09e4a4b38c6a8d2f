using System.Globalization;
using System.Text.RegularExpressions;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Loads;

/// <summary>
/// Distributions as people write them: <c>5ms</c>, <c>exp(5ms)</c>, <c>uniform(1s,3s)</c>,
/// <c>lognormal(20ms,200ms)</c> (median, 99th percentile); sizes with <c>B</c>, <c>KB</c>, <c>MB</c>. Pure.
/// </summary>
internal static partial class DistributionText
{
    public const string ExpectedDuration =
        "a duration such as 5ms, or exp(5ms), uniform(1s,3s), lognormal(20ms,200ms) with median and 99th percentile";

    public const string ExpectedSize =
        "a size such as 200, 4KB, 1MB, or exp(4KB), uniform(1KB,64KB), lognormal(4KB,64KB) with median and 99th " +
        "percentile";

    private const double LargestBytes = 128 * 1024 * 1024;

    /// <summary>In milliseconds.</summary>
    public static bool TryParseDuration(string text, out Distribution distribution) =>
        TryParse(text, static each => DurationText.TryParse(each, out var duration)
            ? duration.TotalMilliseconds : null, out distribution);

    /// <summary>In bytes.</summary>
    public static bool TryParseSize(string text, out Distribution distribution) =>
        TryParse(text, SizeOf, out distribution);

    public static string Format(Distribution distribution, string unit)
    {
        var (a, b) = (Number(distribution.A), Number(distribution.B));
        return distribution.Kind switch
        {
            DistributionKind.Exponential => $"exp({a}{unit})",
            DistributionKind.Uniform => $"uniform({a}{unit},{b}{unit})",
            DistributionKind.Lognormal => $"lognormal({a}{unit},{b}{unit})",
            _ => $"{a}{unit}",
        };
    }

    private static bool TryParse(string text, Func<string, double?> value, out Distribution distribution)
    {
        var match = Shape().Match(text.Trim());
        var values = match.Success ? match.Groups["value"].Captures.Select(each => value(each.Value)).ToList() : [];
        Distribution? found = (match.Groups["kind"].Value, values) switch
        {
            ("", [{ } constant]) => Distribution.Constant(constant),
            ("exp", [{ } mean]) => Distribution.Exponential(mean),
            ("uniform", [{ } least, { } largest]) when least <= largest =>
                new(DistributionKind.Uniform, least, largest),
            ("lognormal", [{ } median and > 0, { } p99]) when median <= p99 =>
                new(DistributionKind.Lognormal, median, p99),
            _ => null,
        };
        distribution = found ?? Distribution.Constant(0);
        return found is not null;
    }

    private static double? SizeOf(string text)
    {
        var match = Size().Match(text);
        var unit = match.Groups["unit"].Value.ToUpperInvariant() switch
        {
            "KB" => 1024,
            "MB" => 1024 * 1024,
            _ => 1,
        };
        return match.Success
            && double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * unit is var bytes
            && bytes <= LargestBytes
            ? bytes
            : null;
    }

    private static string Number(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:(?<kind>[a-z]+)\((?<value>[^(),]+)(?:,(?<value>[^(),]+))?\)|(?<value>[^(),]+))$")]
    private static partial Regex Shape();

    [GeneratedRegex(@"^\s*(?<number>\d{1,10}(\.\d{1,6})?)\s*(?<unit>B|KB|MB)?\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Size();
}
