namespace JobSystem.Sqlite.Neighbours;

/// <summary>The sockets as files: who may write to them, and how they go.</summary>
internal sealed partial class Neighbourhood
{
    /// <summary>Whoever may write the file may wake its processes, other users too.</summary>
    private void OpenToWhoMayWrite(string socket)
    {
        const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (!OperatingSystem.IsWindows())
        {
            var mode = File.GetUnixFileMode(_file);
            File.SetUnixFileMode(socket, mode);
            if (Path.GetDirectoryName(socket) == Folder)
            {
                File.SetUnixFileMode(Folder, mode | Enter);
            }
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A file that is left is in nobody's way.
        }
    }

    private static void TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Then the lease tells the others.
        }
    }

    private void TryDeleteFolder()
    {
        try
        {
            Directory.Delete(Folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Others are still there.
        }
    }
}
