using System.Text;
using JobSystem.Chaos.Fleets;
using Xunit;

namespace JobSystem.Chaos.Tests.Fleets;

public sealed class ProcessLogTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_process_writes_is_in_its_file_line_by_line()
    {
        using var log = new ProcessLog(PathOf("worker-1.1.log"));
        log.Add("one\n"u8);
        log.Add("two\n"u8);

        Assert.Equal("one\ntwo\n", Text("worker-1.1.log"));
    }

    [Fact]
    public void A_process_that_says_nothing_leaves_no_file()
    {
        new ProcessLog(PathOf("quiet.log")).Dispose();

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_log_without_end_is_cut_and_says_so()
    {
        using var log = new ProcessLog(PathOf("loud.log"), most: 100);
        for (var line = 0; line < 100; line++)
        {
            log.Add(Encoding.UTF8.GetBytes($"line {line}\n"));
        }

        Assert.InRange(new FileInfo(PathOf("loud.log")).Length, 100, 200);
        Assert.EndsWith("the rest is left out.\n", Text("loud.log"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_cannot_be_written_costs_nothing_else()
    {
        using var log = new ProcessLog("/dev/full");

        log.Add("one\n"u8);
        log.Add("two\n"u8);
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private string Text(string name)
    {
        using var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(file).ReadToEnd();
    }
}
