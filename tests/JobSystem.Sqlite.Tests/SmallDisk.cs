using System.Diagnostics;
using System.Runtime.Versioning;

// These tests mount disks and pause processes.
[assembly: UnsupportedOSPlatform("windows")]

namespace JobSystem.Sqlite.Tests;

/// <summary>
/// A disk of 16 MB with a ballast of 8 MB on it: a file system of its own where this user may mount one, else a limit
/// on the pages of the file, where only finished jobs make room.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int Bytes = 16 * 1024 * 1024;
    private const int PageBytes = 4096;

    private readonly TemporaryFolder _folder = new();
    private bool _isMounted;

    /// <summary>The job file on it.</summary>
    public SqliteOptions Options { get; private set; } = null!;

    private string Ballast => _folder.File("ballast");

    public static async Task<SmallDisk> CreateAsync()
    {
        var disk = new SmallDisk();
        disk._isMounted = Environment.IsPrivilegedProcess
            && await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Bytes}", "tmpfs", disk._folder.Path) == 0;
        disk.Options = new SqliteOptions { Path = disk._folder.File() };
        if (disk._isMounted)
        {
            await File.WriteAllBytesAsync(disk.Ballast, new byte[Bytes / 2]);
        }
        else
        {
            disk.Options = disk.Options with { MaxPages = Bytes / 4 / PageBytes };
        }

        return disk;
    }

    /// <summary>Others take the last byte. Where no disk could be mounted the file itself is at its limit.</summary>
    public void FillUp()
    {
        if (!_isMounted)
        {
            return;
        }

        using var filler = new FileStream(_folder.File("filler"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
        for (var size = PageBytes; size > 0; size /= 2)
        {
            try
            {
                while (true)
                {
                    filler.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // no room for so much: less, then
            }
        }
    }

    public void MakeRoom()
    {
        if (_isMounted)
        {
            File.Delete(Ballast);
        }
    }

    /// <summary>Nothing can be written on it any more, whoever tries.</summary>
    public Task MakeReadOnlyAsync()
    {
        if (_isMounted)
        {
            return RunAsync("mount", "-o", "remount,ro", _folder.Path);
        }

        File.SetUnixFileMode(Options.Path, UnixFileMode.UserRead);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            await RunAsync("umount", "-l", _folder.Path);
        }
        else
        {
            File.SetUnixFileMode(
                _folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _folder.Dispose();
    }

    private static async Task<int> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
