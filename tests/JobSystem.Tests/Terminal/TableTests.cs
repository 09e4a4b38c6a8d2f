using JobSystem.Terminal.Output;
using Xunit;

namespace JobSystem.Tests.Terminal;

public sealed class TableTests
{
    [Fact]
    public void Columns_are_aligned_and_lines_are_cut_to_the_width()
    {
        var table = new Table("ID", "ERROR");
        table.Add("a", "short");
        table.Add("longer-id", "first\nsecond");

        Assert.Equal(
            ["ID         ERROR", "a          short", "longer-id  first"],
            table.Lines(int.MaxValue).Select(line => line.Line));
        Assert.Equal(["ID         …", "a          …", "longer-id  …"], table.Lines(12).Select(line => line.Line));
    }
}
