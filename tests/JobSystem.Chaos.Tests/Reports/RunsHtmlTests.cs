using System.Text;
using JobSystem.Chaos.Reports;
using Xunit;

namespace JobSystem.Chaos.Tests.Reports;

public sealed class RunsHtmlTests
{
    [Fact]
    public void The_index_leads_to_the_report_of_every_run_and_takes_the_colour_of_the_worst()
    {
        using var stream = new MemoryStream();
        RunsHtml.Write(
            [(Samples.Passing(), "default-1/report.html"), (Samples.Everything(), "default-2/report.html")],
            "chaos run default --seed 1 --repeat 2", stream);
        var page = Encoding.UTF8.GetString(stream.ToArray());

        Assert.Contains("<a href=\"default-1/report.html\">report</a>", page);
        Assert.Contains("<a href=\"default-2/report.html\">report</a>", page);
        Assert.Contains("<header class=\"banner fail\">", page);
        Assert.Contains("1 of 2 passed, 1 FAIL.", page);
        Assert.DoesNotContain("JSON", page); // there is none beside it
    }

    [Theory]
    [InlineData("/runs/a-7/report.html", "a-7/report.html")]
    [InlineData("/runs/a b#1/report.html", "a%20b%231/report.html")]
    public void A_link_holds_whatever_a_folder_is_called(string path, string link) =>
        Assert.Equal(link, PageFrame.LinkTo("/runs", path));
}
