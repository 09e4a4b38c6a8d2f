using JobSystem.Sqlite.Neighbours;
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
        var leaving = Task.Run(() => LeaveAgainAndAgain(folder.Path, stop.Token));

        for (var time = 0; time < 20_000; time++)
        {
            var (listener, address) = folder.Listen();
            folder.Close(listener, address, hasLeft: true);
        }

        await stop.CancelAsync();
        await leaving;
    }

    private static void LeaveAgainAndAgain(string folder, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!Directory.Exists(folder))
            {
                continue;
            }

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
