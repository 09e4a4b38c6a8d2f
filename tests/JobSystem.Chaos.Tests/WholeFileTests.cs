using Xunit;

namespace JobSystem.Chaos.Tests;

/// <summary>What a disk that is full would do: a write that fails in the middle.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_write_that_fails_leaves_what_was_there_and_nothing_else()
    {
        var path = _folder.File("run.json");
        WholeFile.Write(path, "before");

        Assert.Throws<IOException>(() => WholeFile.Write(path, stream =>
        {
            stream.Write("half of wh"u8);
            throw new IOException("No space left on device");
        }));

        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_file_is_replaced()
    {
        var path = _folder.File("run.json");
        WholeFile.Write(path, "something long");
        WholeFile.Write(path, "short");

        Assert.Equal("short", File.ReadAllText(path));
    }
}
