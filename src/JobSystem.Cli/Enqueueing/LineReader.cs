using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace JobSystem.Cli.Enqueueing;

/// <summary>
/// Cuts a stream into lines without decoding them: a payload is bytes. The line break (with a carriage return before
/// it) is no part of it; the last line needs none; an empty line is an empty payload.
/// </summary>
internal static class LineReader
{
    /// <summary>In bytes: what the largest broker takes. Memory is bounded by it.</summary>
    public const int LongestLine = 128 * 1024 * 1024;

    /// <exception cref="InvalidDataException">A line is longer than <paramref name="longest"/>.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Stream input, [EnumeratorCancellation] CancellationToken cancel, int longest = LongestLine)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        var number = 1;
        while (true)
        {
            // Standard input cannot be interrupted: whoever waits for it can.
            var read = await reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(cancel);
            var rest = read.Buffer;
            while (TryCut(ref rest, out var line))
            {
                number++;
                yield return line;
            }

            if (rest.Length > longest)
            {
                throw new InvalidDataException($"Line {number} is longer than {longest} bytes.");
            }

            if (read.IsCompleted)
            {
                if (rest.Length > 0)
                {
                    yield return rest.ToArray();
                }

                break;
            }

            reader.AdvanceTo(rest.Start, rest.End);
        }

        await reader.CompleteAsync();
    }

    private static bool TryCut(ref ReadOnlySequence<byte> rest, out ReadOnlyMemory<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        var bytes = rest.Slice(0, end).ToArray();
        line = bytes is [.., (byte)'\r'] ? bytes.AsMemory(0, bytes.Length - 1) : bytes;
        rest = rest.Slice(rest.GetPosition(1, end));
        return true;
    }
}
