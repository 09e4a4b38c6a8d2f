using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace JobSystem;

/// <summary>
/// By what a redelivery is recognised. A job of ours: its id, its lineage and its epoch (a re-sent publish has the
/// same three; its retry has another epoch). A foreign message: its whole content, because its id cannot be trusted
/// to be unique; messages alike in every byte share a key and are counted.
/// </summary>
public readonly record struct JobKey
{
    private readonly string? _id;
    private readonly string? _lineage;
    private readonly int _epoch;
    private readonly UInt128 _content;

    private JobKey(string? id, string? lineage, int epoch, UInt128 content) =>
        (_id, _lineage, _epoch, _content) = (id, lineage, epoch, content);

    /// <summary>True where the key names one job; false where messages alike in every byte share it.</summary>
    public bool IsUnique => _id is not null;

    public static JobKey Of(Job job) => job.Origin == JobOrigin.Ours
        ? new JobKey(job.Id.Value, job.Lineage, job.Epoch, default)
        : new JobKey(null, null, 0, Digest(job));

    private static UInt128 Digest(Job job)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, job.Type);
        Append(hash, job.ContentType);
        Append(hash, job.EnqueuedAt?.ToUnixTimeMilliseconds().ToString());
        foreach (var (name, value) in job.Headers.OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            Append(hash, name);
            Append(hash, value is byte[] bytes ? Convert.ToHexString(bytes) : value?.ToString());
        }

        hash.AppendData(job.Body.Span);
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    private static void Append(IncrementalHash hash, string? part)
    {
        var bytes = part is null ? [] : Encoding.UTF8.GetBytes(part);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, part is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
