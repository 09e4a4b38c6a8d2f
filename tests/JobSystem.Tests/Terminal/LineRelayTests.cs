using System.IO.Pipelines;
using System.Text;
using JobSystem.Terminal.Processes;
using Xunit;

namespace JobSystem.Tests.Terminal;

public sealed class LineRelayTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Lines_are_passed_on_whole_however_they_arrive()
    {
        var pipe = new Pipe();
        var written = new List<string>();
        var relay = LineRelay.RunAsync(pipe.Reader.AsStream(), lines => written.Add(Encoding.UTF8.GetString(lines)));
        foreach (var piece in new[] { "he", "llo\nwor", "ld\n", "\n", "no end" })
        {
            await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(piece));
        }

        await pipe.Writer.CompleteAsync();
        await relay.WaitAsync(_deadline);

        Assert.All(written, piece => Assert.EndsWith("\n", piece, StringComparison.Ordinal));
        Assert.Equal("hello\nworld\n\nno end\n", string.Concat(written));
    }

    [Fact]
    public async Task A_line_without_end_is_passed_on_in_pieces()
    {
        var endless = new string('x', (3 * LineRelay.LongestLine) + 5);
        var written = new List<string>();
        await LineRelay.RunAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(endless)), lines => written.Add(Encoding.UTF8.GetString(lines)));

        Assert.All(written, piece => Assert.InRange(piece.Length, 1, LineRelay.LongestLine));
        Assert.Equal(endless + "\n", string.Concat(written));
    }
}
