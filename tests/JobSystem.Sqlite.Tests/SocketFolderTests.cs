using JobSystem.Sqlite.Peers;
using Xunit;

namespace JobSystem.Sqlite.Tests;

public sealed class SocketFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    /// <summary>
    /// Or nobody would notice its death before its lease is over: seen under chaos, in a rolling deploy with kills.
    /// </summary>
    [Fact]
    public async Task A_process_gets_its_socket_although_the_last_one_takes_the_folder_away_as_it_leaves()
    {
        var file = Path.Combine(_temporary.Path, "jobs.db");
        await File.WriteAllTextAsync(file, "");
        var folder = new SocketFolder(file, new Random(1));
        using var stop = new CancellationTokenSource();
        var joins = 0;
        var leaving = Task.Run(() => LeaveOnceAJoin(folder.Path, () => Volatile.Read(ref joins), stop.Token));

        for (var time = 0; time < 8_000; time++)
        {
            Volatile.Write(ref joins, time + 1);
            var (listener, address) = folder.Listen();
            folder.Close(listener, address, hasLeft: true);
        }

        await stop.CancelAsync();
        await leaving;
    }

    /// <summary>Seen under chaos: a run's folder with a long name, and a temporary folder inside of it.</summary>
    [Fact]
    public void Where_the_path_beside_the_file_and_the_first_temporary_one_are_too_long_the_next_takes_the_socket()
    {
        var folder = FolderWithLongPath(elsewhere: [_temporary.Path + "/" + new string('t', 90), _temporary.Path]);

        var (listener, address) = folder.Listen();

        Assert.StartsWith(_temporary.Path + "/jobs-", address, StringComparison.Ordinal);
        folder.Close(listener, address, hasLeft: true);
    }

    [Fact]
    public void Where_every_path_is_too_long_that_is_said_as_of_a_folder_that_takes_no_socket()
    {
        var folder = FolderWithLongPath(elsewhere: [_temporary.Path + "/" + new string('t', 90)]);

        Assert.IsAssignableFrom<IOException>(Assert.ThrowsAny<Exception>(() => folder.Listen()));
    }

    [Fact]
    public void An_address_that_is_too_long_here_is_no_end_point() =>
        Assert.Null(FolderWithLongPath(elsewhere: []).EndPointOf("1-1-00000000"));

    private SocketFolder FolderWithLongPath(IReadOnlyList<string> elsewhere)
    {
        var path = Directory.CreateDirectory(Path.Combine(_temporary.Path, new string('f', 90))).FullName;
        var file = Path.Combine(path, "jobs.db");
        File.WriteAllText(file, "");
        return new SocketFolder(file, new Random(1), elsewhere);
    }

    /// <summary>As soon as the folder is there; only once each time, as the last process leaves only once.</summary>
    private static void LeaveOnceAJoin(string folder, Func<int> joins, CancellationToken stop)
    {
        var left = 0;
        while (!stop.IsCancellationRequested)
        {
            var join = joins();
            if (join == left || !Directory.Exists(folder))
            {
                continue;
            }

            left = join;
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // somebody's socket is in it
            }
        }
    }
}
