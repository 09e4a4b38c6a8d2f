namespace JobSystem.Sqlite.Storage;

/// <summary>
/// Room on the disk for the hour when there is none: a file beside the job file that is deleted then, so that jobs can
/// be claimed and finished, which makes room. Enqueues never take it: they wait until it is there again.
/// Promises: whatever fails about it fails nothing else. All processes of a job file share one.
/// </summary>
internal sealed class Reserve(string jobFile)
{
    public const string Extension = "-reserve";

    /// <summary>
    /// As much as the log may hold that is not in the file yet (a thousand pages of 4 KiB), and some more: the log is
    /// copied with it, and from then on written over and over in the room that it has.
    /// </summary>
    private const int Bytes = 5 * 1024 * 1024;

    private readonly string _path = jobFile + Extension;

    public bool IsThere => File.Exists(_path);

    /// <summary>Gives its room to the disk. False: it is not there.</summary>
    public bool TrySpend()
    {
        try
        {
            if (!IsThere)
            {
                return false;
            }

            File.Delete(_path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Sees to it that it is there. False: the disk has no room for it, and some more, so that it is not made and spent
    /// in turns. True as well where it cannot be made for another reason: that is no want of room.
    /// </summary>
    public bool TryKeep()
    {
        try
        {
            if (IsThere)
            {
                return true;
            }

            if (new DriveInfo(Path.GetDirectoryName(_path)!).AvailableFreeSpace < Bytes + (Bytes / 4))
            {
                return false;
            }

            Fill();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            TrySpend(); // half of one is none
        }

        return true;
    }

    /// <summary>Written, not only sized: a file of holes keeps no room.</summary>
    private void Fill()
    {
        using var file = new FileStream(
            _path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        var noise = new Random(Bytes); // nor does a file of zeroes, on disks that compress
        var block = new byte[Bytes / 64];
        for (var written = 0; written < Bytes; written += block.Length)
        {
            noise.NextBytes(block);
            file.Write(block);
        }

        file.Flush(flushToDisk: true);
    }
}
