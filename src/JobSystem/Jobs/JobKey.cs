using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace JobSystem;

/// <summary>
/// By what the messages of one job are recognised. A job of ours: its id and its lineage; its messages (the first, a
/// retry, a re-sent publish) are told apart by <see cref="Job.Epoch"/>. A foreign message: its whole content, because
/// its id cannot be trusted to be unique; messages alike in every byte share a key and are counted.
/// </summary>
public readonly record struct JobKey
{
    private readonly string? _id;
    private readonly string? _lineage;
    private readonly UInt128 _content;

    private JobKey(string? id, string? lineage, UInt128 content) =>
        (_id, _lineage, _content) = (id, lineage, content);

    /// <summary>
    /// True where the key names one job; false where messages alike in every byte share it.
    /// </summary>
    public bool IsUnique => _id is not null;

    public static JobKey Of(Job job) => job.Origin == JobOrigin.Ours
        ? new JobKey(job.Id.Value, job.Lineage, default)
        : new JobKey(null, null, Digest(job));

    private static UInt128 Digest(Job job)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, job.IdWasGiven ? null : job.Id.Value);
        Append(hash, job.Type);
        Append(hash, job.ContentType);
        Append(hash, (long)job.Attempt);
        Append(hash, (long)job.WorkerLosses);
        Append(hash, job.EnqueuedAt?.UtcTicks);
        Append(hash, job.DueAt?.UtcTicks);
        Append(hash, job.ParkedSince?.UtcTicks);
        Append(hash, job.Timeout?.Ticks);
        Append(hash, (long?)job.Priority);
        Append(hash, job.Checkpoint?.ToArray());
        Append(hash, job.TraceParent);
        Append(hash, job.Failure?.ToString());
        Append(hash, (long)job.Headers.Count);
        foreach (var (name, value) in job.Headers.OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            Append(hash, name);
            Append(hash, value);
        }

        hash.AppendData(job.Body.Span);
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    /// <summary>
    /// A part with its kind and length: so the text "1" is not the number 1, nor two parts one.
    /// </summary>
    private static void Append(IncrementalHash hash, object? part)
    {
        var (kind, bytes) = part switch
        {
            null => ('0', []),
            byte[] binary => ('b', binary),
            string text => ('s', Encoding.UTF8.GetBytes(text)),
            bool yes => ('?', [yes ? (byte)1 : (byte)0]),
            double number => ('d', BitConverter.GetBytes(number)),
            long number => ('n', BitConverter.GetBytes(number)),
            _ => ('o', Encoding.UTF8.GetBytes(part.ToString() ?? "")),
        };
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], bytes.Length);
        hash.AppendData(head);
        hash.AppendData(bytes);
    }
}
