using JobSystem.Chaos.Verification.Histories;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>The conservation equation as two strips: what went in, what became of the confirmed. Pure.</summary>
internal static class HtmlEquation
{
    public static void Write(HtmlWriter page, Verdict verdict)
    {
        var tally = verdict.Tally;
        page.Add($"<section id=\"jobs\"><h2>Where every job went</h2>\n");
        WriteSum(page, "intended", tally.Intended, tally.Intended,
        [
            new Term("confirmed", tally.Confirmed, "--blue"),
            new Term("rejected", tally.Rejected, "--grey"),
            new Term("unknown", tally.Unknown, "--orange"),
        ]);
        WriteSum(page, "confirmed", tally.Confirmed, tally.Intended,
        [
            new Term("finished", tally.Finished, "--green"),
            new Term("dead-lettered", tally.DeadLettered, "--purple"),
            new Term("destroyed on purpose", tally.Destroyed, "--grey"),
            new Term("stuck", tally.Stuck, "--orange", IsWrong: true),
            new Term(ReportText.NameOfMissing(verdict), tally.Lost, "--red", IsWrong: true),
        ]);
        foreach (var remark in ReportText.Remarks(tally))
        {
            page.Add($"<p class=\"soft\">{remark}</p>\n");
        }

        page.Add($"</section>\n");
    }

    /// <param name="page">Where to.</param>
    /// <param name="name">Of the sum.</param>
    /// <param name="sum">What the terms add up to.</param>
    /// <param name="whole">The width of the page stands for so many, in both strips.</param>
    /// <param name="terms">In the order in which they are said.</param>
    private static void WriteSum(HtmlWriter page, string name, int sum, int whole, IReadOnlyList<Term> terms)
    {
        var share = whole == 0 ? 100 : 100.0 * sum / whole;
        page.Add($"<div class=\"equation\"><div class=\"bar\" style=\"width:{share}%\" aria-hidden=\"true\">");
        foreach (var term in terms.Where(term => term.Count > 0))
        {
            page.Add($"<i style=\"flex:{term.Count} 1 0;--of:var({term.Colour})\"></i>");
        }

        page.Add($"</div><p class=\"terms\"><span class=\"term\"><b>{Of(sum)}</b> {name}</span>\n");
        var sign = "=";
        foreach (var term in terms)
        {
            var style = term.Count == 0 ? "zero" : term.IsWrong ? "wrong" : "some";
            page.Add($"<span>{sign}</span> <span class=\"term {style}\"><i style=\"--of:var({term.Colour})\"></i>");
            page.Add($"<b>{Of(term.Count)}</b> {term.Name}</span>\n");
            sign = "+";
        }

        page.Add($"</p></div>\n");
    }

    private sealed record Term(string Name, int Count, string Colour, bool IsWrong = false);
}
