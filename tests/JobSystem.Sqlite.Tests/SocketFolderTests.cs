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
