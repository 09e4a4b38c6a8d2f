using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Microsoft.Data.Sqlite;
using Xunit;

namespace JobSystem.Sqlite.Tests;

/// <summary>What cannot be a job file is refused in words that help, and is left as it was.</summary>
public sealed class BadFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("This is my diary.")]
    [InlineData("SQLite format 3\0 but then nothing")]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is(string content)
    {
        await File.WriteAllTextAsync(_folder.File(), content);

        var failure = await RefusedAsync(_folder.File());

        Assert.Equal(TransportFailureKind.Refused, failure.Kind);
        Assert.Contains("not an SQLite database", failure.Text, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(_folder.File()));
        Assert.Equal([_folder.File()], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task The_database_of_another_program_is_refused_and_left_as_it_is()
    {
        Execute(_folder.File(), "CREATE TABLE songs (title TEXT)");
        var before = await File.ReadAllBytesAsync(_folder.File());

        var failure = await RefusedAsync(_folder.File());

        Assert.Equal(TransportFailureKind.Refused, failure.Kind);
        Assert.Contains("another program", failure.Text, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.File()));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await (await Desk.OpenAsync(_folder.File())).DisposeAsync();
        Execute(_folder.File(), "PRAGMA user_version = 99");
        var before = await File.ReadAllBytesAsync(_folder.File());

        var failure = await RefusedAsync(_folder.File());

        Assert.Equal(TransportFailureKind.Refused, failure.Kind);
        Assert.Contains("version 99", failure.Text, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.File()));
    }

    [Fact]
    public async Task A_new_file_says_whose_it_is_and_of_which_version()
    {
        await (await Desk.OpenAsync(_folder.File())).DisposeAsync();

        Assert.Equal(0x4A6F6273L, Execute(_folder.File(), "PRAGMA application_id"));
        Assert.Equal(1L, Execute(_folder.File(), "PRAGMA user_version"));
        Assert.Equal("wal", Execute(_folder.File(), "PRAGMA journal_mode"));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var path = Path.Combine(_folder.Path, "nowhere", "jobs.db");

        var failure = await RefusedAsync(path);

        Assert.Equal(TransportFailureKind.Refused, failure.Kind);
        Assert.Contains(Path.GetDirectoryName(path)!, failure.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }

    [Fact]
    public async Task A_folder_is_no_file()
    {
        var failure = await RefusedAsync(_folder.Path);

        Assert.Contains("is a folder", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_may_only_be_read_is_refused()
    {
        await using var disk = await SmallDisk.CreateAsync();
        await (await Desk.OpenAsync(disk.Options)).DisposeAsync();
        await disk.MakeReadOnlyAsync();

        var failure = await RefusedAsync(disk.Options.Path);

        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains(disk.Options.Path, failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_removed_under_its_consumer_is_told_as_lost()
    {
        var options = new SqliteOptions { Path = _folder.File(), Lease = TimeSpan.FromSeconds(1) };
        await using var desk = await Desk.OpenAsync(options);
        var (_, consumer) = await desk.ConsumeAsync("work");

        File.Delete(_folder.File());

        Assert.Equal(TransportFailureKind.Lost, (await consumer.ClosedAsync()).Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_confirmed_that_went_to_a_file_which_is_no_longer_there(bool isReplaced)
    {
        await using var desk = await Desk.OpenAsync(_folder.File());
        var publisher = new ProbePublisher();
        var channel = await desk.Connection.OpenPublisherAsync(publisher);
        channel.Publish(1, Desk.NewJob("before"), new Destination("work"));
        await publisher.ConfirmedAsync(1);
        File.Move(_folder.File(), _folder.File("elsewhere.db"));
        if (isReplaced)
        {
            File.Copy(_folder.File("elsewhere.db"), _folder.File());
        }

        channel.Publish(2, Desk.NewJob("after"), new Destination("work"));

        Assert.Equal(TransportFailureKind.Lost, (await publisher.ClosedAsync()).Kind);
        Assert.Equal([1ul], publisher.Confirmed.All);
    }

    private static async Task<TransportFailure> RefusedAsync(string path)
    {
        var transport = new SqliteTransport(new SqliteOptions { Path = path });
        var error = await Assert.ThrowsAsync<TransportException>(
            () => transport.ConnectAsync("test", new ProbeConnection()));
        return error.Failure;
    }

    private static object? Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
