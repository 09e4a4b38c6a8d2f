using System.Text;
using JobSystem.Terminal.Processes;
using Xunit;

namespace JobSystem.Tests.Terminal;

public sealed class StderrTailTests
{
    [Fact]
    public void Little_is_kept_as_it_is() => Assert.Equal("one\ntwo", TailOf("one\n", "two\n"));

    [Theory]
    [InlineData(7)]
    [InlineData(1999)]
    [InlineData(2000)]
    [InlineData(50_000)]
    public void Of_much_the_last_whole_lines_are_kept_and_never_more_than_the_capacity(int chunk)
    {
        var lines = string.Concat(Enumerable.Range(1, 5000).Select(number => $"line {number}\n"));
        var tail = TailOf([.. lines.Chunk(chunk).Select(chars => new string(chars))]);

        Assert.EndsWith("\nline 5000", tail, StringComparison.Ordinal);
        Assert.StartsWith("line ", tail, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(tail), 1900, StderrTail.Capacity);
    }

    [Fact]
    public void One_endless_line_is_cut_between_characters()
    {
        var tail = TailOf(new string('ä', 3000));

        Assert.All(tail, c => Assert.Equal('ä', c));
        Assert.InRange(tail.Length, 900, 1000);
    }

    private static string TailOf(params IEnumerable<string> chunks)
    {
        var tail = new StderrTail();
        foreach (var chunk in chunks)
        {
            tail.Add(Encoding.UTF8.GetBytes(chunk));
        }

        return tail.ToString();
    }
}
