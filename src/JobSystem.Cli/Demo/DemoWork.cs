using System.IO.Compression;
using System.Security.Cryptography;

namespace JobSystem.Cli.Demo;

/// <summary>
/// The work of one job: a file is compressed and its SHA-256 taken. Done twice it does no harm: the output appears
/// whole, by a rename, and is the same.
/// </summary>
internal static class DemoWork
{
    /// <summary>Returns the hash of the input.</summary>
    /// <exception cref="JobNotRetryableException">There is no such file.</exception>
    public static async Task<string> RunAsync(DemoFolder folder, string name, CancellationToken cancel)
    {
        if (name != Path.GetFileName(name) || !File.Exists(folder.InputOf(name)))
        {
            throw new JobNotRetryableException($"There is no file '{name}'.");
        }

        var input = await File.ReadAllBytesAsync(folder.InputOf(name), cancel);
        var unfinished = $"{folder.OutputOf(name)}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        await using (var output = File.Create(unfinished))
        await using (var brotli = new BrotliStream(output, CompressionLevel.Optimal))
        {
            await brotli.WriteAsync(input, cancel);
        }

        File.Move(unfinished, folder.OutputOf(name), overwrite: true);
        return Convert.ToHexStringLower(SHA256.HashData(input));
    }

    /// <summary>The output is there and holds what the input held.</summary>
    public static bool IsRight(DemoFolder folder, string name)
    {
        if (!File.Exists(folder.OutputOf(name)))
        {
            return false;
        }

        using var output = File.OpenRead(folder.OutputOf(name));
        using var brotli = new BrotliStream(output, CompressionMode.Decompress);
        using var input = File.OpenRead(folder.InputOf(name));
        try
        {
            return SHA256.HashData(brotli).AsSpan().SequenceEqual(SHA256.HashData(input));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
