using System.Buffers.Binary;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Storage;

/// <summary>
/// Whether a path can be a job file, found out without touching it. What cannot is refused in words that say what to
/// do.
/// </summary>
internal static class FileChecks
{
    private const int HeaderBytes = 100;
    private const int UserVersionAt = 60;
    private const int ApplicationIdAt = 68;

    public static void CheckPlace(string path)
    {
        var folder = Path.GetDirectoryName(path);
        if (string.IsNullOrEmpty(folder) || !Directory.Exists(folder))
        {
            throw Refused(path, $"its folder '{folder}' is not there. Make it, or choose another path.");
        }

        if (Directory.Exists(path))
        {
            throw Refused(path, "it is a folder. Name a file in it.");
        }

        if (new DriveInfo(folder) is { DriveType: DriveType.Network } drive)
        {
            throw Refused(path,
                $"it lies on a network file system ({drive.DriveFormat}), which cannot carry SQLite's shared memory: " +
                "jobs could be lost. Use a disk of this machine, or a RabbitMQ for several machines.");
        }
    }

    /// <summary>What the file says of itself in its first bytes, read without SQLite: it must not touch it.</summary>
    public static void CheckHeader(string path)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        try
        {
            using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var read = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
            if (read == 0)
            {
                return; // empty: about to be made, by us or another process
            }

            if (read < HeaderBytes || !header.StartsWith("SQLite format 3\0"u8))
            {
                throw Refused(path, "it is not an SQLite database, and is left as it is. Name another file.");
            }
        }
        catch (FileNotFoundException)
        {
            return;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new TransportException(new TransportFailure(
                TransportFailureKind.AccessRefused, $"The job file '{path}' may not be read by this user."), error);
        }

        CheckVersion(
            path, BinaryPrimitives.ReadInt32BigEndian(header[ApplicationIdAt..]),
            BinaryPrimitives.ReadInt32BigEndian(header[UserVersionAt..]));
    }

    public static void CheckVersion(string path, int application, int version)
    {
        if (application != Schema.ApplicationId && (application != 0 || version != 0))
        {
            throw OfAnotherProgram(path);
        }

        if (version > Schema.Version)
        {
            throw Refused(path,
                $"a newer version of this program wrote it (version {version} of the file, this program knows " +
                $"{Schema.Version}); it is left as it is. Use that version, or name another file.");
        }
    }

    public static TransportException OfAnotherProgram(string path) =>
        Refused(path, "it is the database of another program, and is left as it is. Name another file.");

    private static TransportException Refused(string path, string why) =>
        new(new TransportFailure(TransportFailureKind.Refused, $"The job file '{path}' cannot be used: {why}"));
}
