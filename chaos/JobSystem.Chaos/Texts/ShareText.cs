using System.Globalization;

namespace JobSystem.Chaos.Texts;

/// <summary>Shares as people write them: <c>5%</c> or <c>0.05</c>. Pure.</summary>
internal static class ShareText
{
    public const string Expected = "a share such as 5% or 0.05";

    /// <param name="text">What was written.</param>
    /// <param name="share">From 0 to 1.</param>
    public static bool TryParse(string text, out double share)
    {
        var isPercent = text.EndsWith('%');
        var isNumber = double.TryParse(
            isPercent ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        share = isPercent ? number / 100 : number;
        return isNumber && share is >= 0 and <= 1;
    }
}
