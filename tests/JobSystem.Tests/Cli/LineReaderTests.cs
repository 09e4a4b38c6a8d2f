using System.Text;
using JobSystem.Cli.Enqueueing;
using Xunit;

namespace JobSystem.Tests.Cli;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\nb", new[] { "a", "b" })]
    [InlineData("a\r\nb\r\n", new[] { "a", "b" })]
    [InlineData("\n\na\n", new[] { "", "", "a" })]
    [InlineData("a\rb\n", new[] { "a\rb" })]
    public async Task Every_line_is_a_payload_and_its_end_is_no_part_of_it(string input, string[] lines) =>
        Assert.Equal(lines, await ReadAsync(Encoding.UTF8.GetBytes(input)));

    [Fact]
    public async Task Long_lines_and_bytes_that_are_no_text_stay_as_they_are()
    {
        var large = new byte[300_000];
        new Random(7).NextBytes(large);
        large.AsSpan().Replace((byte)'\n', (byte)'x');
        var lines = new List<ReadOnlyMemory<byte>>();
        await foreach (var line in LineReader.ReadAsync(new MemoryStream([.. large, (byte)'\n', 1, 2]), default))
        {
            lines.Add(line);
        }

        Assert.Equal(large, lines[0].ToArray());
        Assert.Equal([1, 2], lines[1].ToArray());
    }

    [Fact]
    public async Task A_line_that_no_broker_takes_ends_the_reading_and_is_named()
    {
        var input = Encoding.UTF8.GetBytes("short\n" + new string('x', 200_000));

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(input, longest: 100_000));

        Assert.Contains("Line 2", refused.Message);
    }

    private static async Task<List<string>> ReadAsync(byte[] input, int longest = LineReader.LongestLine)
    {
        var lines = new List<string>();
        await foreach (var line in LineReader.ReadAsync(new MemoryStream(input), default, longest))
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        return lines;
    }
}
