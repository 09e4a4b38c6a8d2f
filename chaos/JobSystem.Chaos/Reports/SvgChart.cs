using static System.FormattableString;

namespace JobSystem.Chaos.Reports;

/// <summary>What a chart shows.</summary>
internal sealed record SvgChart
{
    private const double Width = 760;
    private const double Left = 68;
    private const double Right = 14;
    private const double Top = 10;
    private const double Bottom = 26;
    private const double TickSpace = 52;
    private const double LevelSpace = 170;

    public required string Title { get; init; }

    public required ChartAxis X { get; init; }

    public required ChartAxis Y { get; init; }

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Dashed lines across.</summary>
    public IReadOnlyList<ChartLevel> Levels { get; init; } = [];

    public double Height { get; init; } = 300;

    /// <summary>Draws it, in the report's style.</summary>
    public void Write(HtmlWriter page)
    {
        page.Add($"<div class=\"plot\"><div class=\"head\"><b>{Title}</b>");
        foreach (var series in Series.Where(each => each.Name.Length > 0))
        {
            page.Add($"<span class=\"key\"><i style=\"--of:var(--{series.Colour})\"></i>{series.Name}</span>");
        }

        page.Add($"</div>\n<div class=\"scroll\"><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" ");
        page.Add($"aria-label=\"{Title}\" style=\"display:block;width:100%;min-width:520px\">\n");
        WriteGrid(page);
        for (var index = 0; index < Levels.Count; index++)
        {
            // Side by side: lines that are near each other keep their names apart.
            var level = Levels[index];
            var right = Width - Right - 4 - (index % 4 * LevelSpace);
            var y = YOf(level.Y);
            page.Add($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y}\" y2=\"{y}\" ");
            page.Add($"stroke=\"var(--{level.Colour})\" stroke-dasharray=\"5 4\"/>");
            page.Add($"<text x=\"{right}\" y=\"{y - 4}\" text-anchor=\"end\">{level.Name}</text>\n");
        }

        foreach (var series in Series)
        {
            WriteSeries(page, series);
        }

        page.Add($"</svg></div></div>\n");
    }

    private void WriteGrid(HtmlWriter page)
    {
        foreach (var tick in Y.Ticks())
        {
            var y = YOf(tick);
            page.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y}\" y2=\"{y}\"/>");
            page.Add($"<text x=\"{Left - 6}\" y=\"{y + 4}\" text-anchor=\"end\">{Y.Say(tick)}</text>\n");
        }

        var last = double.NegativeInfinity;
        foreach (var tick in X.Ticks())
        {
            var x = XOf(tick);
            page.Add($"<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>");
            if (x - last > TickSpace)
            {
                var anchor = x > Width - (TickSpace / 2) ? "end" : "middle";
                page.Add($"<text x=\"{x}\" y=\"{Height - 8}\" text-anchor=\"{anchor}\">{X.Say(tick)}</text>\n");
                last = x;
            }
        }
    }

    private void WriteSeries(HtmlWriter page, ChartSeries series)
    {
        if (series.HasLine && series.Points.Count > 1)
        {
            var places = series.Points.Select(point => Invariant($"{XOf(point.X):0.#},{YOf(point.Y):0.#}"));
            page.Add($"<polyline class=\"line\" stroke=\"var(--{series.Colour})\" ");
            page.Add($"points=\"{string.Join(' ', places)}\"/>\n");
        }

        foreach (var point in series.HasMarks ? series.Points : [])
        {
            page.Add($"<circle cx=\"{XOf(point.X)}\" cy=\"{YOf(point.Y)}\" r=\"4\" ");
            page.Add($"stroke=\"var(--{series.Colour})\" stroke-width=\"1.6\" ");
            page.Add($"fill=\"var(--{(point.IsHollow ? "card" : series.Colour)})\"><title>{point.Title}</title>");
            page.Add($"</circle>\n");
        }
    }

    private double XOf(double x) => Math.Round(Left + (X.PlaceOf(x) * (Width - Left - Right)), 1);

    private double YOf(double y) => Math.Round(Height - Bottom - (Y.PlaceOf(y) * (Height - Top - Bottom)), 1);

}

/// <summary>Points that belong together.</summary>
/// <param name="Name">For the key; empty: it is not in it.</param>
/// <param name="Colour">Of the style: <c>blue</c>.</param>
/// <param name="Points">In the order of x.</param>
/// <param name="HasMarks">Each point is seen.</param>
/// <param name="HasLine">They are joined.</param>
internal sealed record ChartSeries(
    string Name, string Colour, IReadOnlyList<ChartPoint> Points, bool HasMarks = true, bool HasLine = true);

/// <param name="X">Where.</param>
/// <param name="Y">Where.</param>
/// <param name="Title">Told where one points at it.</param>
/// <param name="IsHollow">It is of another kind than the others.</param>
internal readonly record struct ChartPoint(double X, double Y, string Title = "", bool IsHollow = false);

/// <summary>A line across.</summary>
internal readonly record struct ChartLevel(string Name, double Y, string Colour);
