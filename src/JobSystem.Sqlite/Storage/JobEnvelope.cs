using System.Text;

namespace JobSystem.Sqlite.Storage;

/// <summary>
/// All of a job but its body, as bytes: a version, marks for what is there, then each part in order. Numbers are
/// of variable length, times and durations in ticks of 100 ns, text in UTF-8 behind its length.
/// </summary>
internal static class JobEnvelope
{
    private const byte Version = 1;

    [Flags]
    private enum Parts
    {
        None = 0,
        Ours = 1,
        Lineage = 1 << 1,
        Type = 1 << 2,
        ContentType = 1 << 3,
        EnqueuedAt = 1 << 4,
        DueAt = 1 << 5,
        ParkedSince = 1 << 6,
        Timeout = 1 << 7,
        Priority = 1 << 8,
        Checkpoint = 1 << 9,
        TraceParent = 1 << 10,
        Failure = 1 << 11,
        Headers = 1 << 12,
        IdWasGiven = 1 << 13,
    }

    public static byte[] Encode(Job job)
    {
        var stream = new MemoryStream(192);
        using var to = new BinaryWriter(stream, Encoding.UTF8);
        var parts = PartsOf(job);
        to.Write(Version);
        to.Write7BitEncodedInt((int)parts);
        to.Write(job.Id.Value);
        to.Write7BitEncodedInt(job.Attempt);
        to.Write7BitEncodedInt(job.Epoch);
        to.Write7BitEncodedInt(job.WorkerLosses);
        WriteText(to, job.Lineage);
        WriteText(to, job.Type);
        WriteText(to, job.ContentType);
        WriteTicks(to, job.EnqueuedAt?.UtcTicks);
        WriteTicks(to, job.DueAt?.UtcTicks);
        WriteTicks(to, job.ParkedSince?.UtcTicks);
        WriteTicks(to, job.Timeout?.Ticks);
        if (job.Priority is { } priority)
        {
            to.Write(priority);
        }

        if (job.Checkpoint is { } checkpoint)
        {
            WriteBytes(to, checkpoint.Span);
        }

        WriteText(to, job.TraceParent);
        if (job.Failure is { } failure)
        {
            Write(to, failure);
        }

        if (job.Headers.Count > 0)
        {
            HeaderValues.Write(to, job.Headers);
        }

        to.Flush();
        return stream.ToArray();
    }

    /// <summary>
    /// The job again. A head that cannot be read does not cost the job: it comes as a foreign one with its body.
    /// </summary>
    /// <param name="id">Its id in the file, to name a job whose head cannot be read.</param>
    public static Job Decode(long id, byte[] head, byte[] body)
    {
        try
        {
            using var from = new BinaryReader(new MemoryStream(head), Encoding.UTF8);
            return Read(from) with { Body = body };
        }
        catch (Exception error) when (error is IOException or ArgumentException or FormatException)
        {
            return new Job { Id = new JobId($"unreadable-{id}"), Body = body };
        }
    }

    private static Job Read(BinaryReader from)
    {
        if (from.ReadByte() != Version)
        {
            throw new FormatException("A head of another version.");
        }

        var parts = (Parts)from.Read7BitEncodedInt();
        var job = new Job
        {
            Id = new JobId(from.ReadString()),
            IdWasGiven = parts.HasFlag(Parts.IdWasGiven),
            Attempt = from.Read7BitEncodedInt(),
            Epoch = from.Read7BitEncodedInt(),
            WorkerLosses = from.Read7BitEncodedInt(),
            Origin = parts.HasFlag(Parts.Ours) ? JobOrigin.Ours : JobOrigin.Foreign,
            Lineage = parts.HasFlag(Parts.Lineage) ? from.ReadString() : null,
            Type = parts.HasFlag(Parts.Type) ? from.ReadString() : null,
            ContentType = parts.HasFlag(Parts.ContentType) ? from.ReadString() : null,
            EnqueuedAt = parts.HasFlag(Parts.EnqueuedAt) ? ReadTime(from) : null,
            DueAt = parts.HasFlag(Parts.DueAt) ? ReadTime(from) : null,
            ParkedSince = parts.HasFlag(Parts.ParkedSince) ? ReadTime(from) : null,
            Timeout = parts.HasFlag(Parts.Timeout) ? new TimeSpan(from.Read7BitEncodedInt64()) : null,
            Priority = parts.HasFlag(Parts.Priority) ? from.ReadByte() : null,
            Checkpoint = parts.HasFlag(Parts.Checkpoint) ? ReadBytes(from) : default(ReadOnlyMemory<byte>?),
            TraceParent = parts.HasFlag(Parts.TraceParent) ? from.ReadString() : null,
            Failure = parts.HasFlag(Parts.Failure) ? ReadFailure(from) : null,
        };
        return parts.HasFlag(Parts.Headers) ? job with { Headers = HeaderValues.Read(from) } : job;
    }

    private static Parts PartsOf(Job job) =>
        (job.Origin == JobOrigin.Ours ? Parts.Ours : Parts.None)
        | (job.IdWasGiven ? Parts.IdWasGiven : Parts.None)
        | (job.Lineage is null ? Parts.None : Parts.Lineage)
        | (job.Type is null ? Parts.None : Parts.Type)
        | (job.ContentType is null ? Parts.None : Parts.ContentType)
        | (job.EnqueuedAt is null ? Parts.None : Parts.EnqueuedAt)
        | (job.DueAt is null ? Parts.None : Parts.DueAt)
        | (job.ParkedSince is null ? Parts.None : Parts.ParkedSince)
        | (job.Timeout is null ? Parts.None : Parts.Timeout)
        | (job.Priority is null ? Parts.None : Parts.Priority)
        | (job.Checkpoint is null ? Parts.None : Parts.Checkpoint)
        | (job.TraceParent is null ? Parts.None : Parts.TraceParent)
        | (job.Failure is null ? Parts.None : Parts.Failure)
        | (job.Headers.Count == 0 ? Parts.None : Parts.Headers);

    private static void Write(BinaryWriter to, JobFailure failure)
    {
        to.Write(failure.Reason.ToString());
        to.Write(failure.Error);
        to.Write7BitEncodedInt(failure.Attempts);
        to.Write(failure.Queue);
        to.Write(failure.Worker);
        to.Write7BitEncodedInt64(failure.FailedAt.UtcTicks);
    }

    private static JobFailure ReadFailure(BinaryReader from) => new(
        Enum.Parse<FailureReason>(from.ReadString()), from.ReadString(), from.Read7BitEncodedInt(),
        from.ReadString(), from.ReadString(), ReadTime(from));

    private static DateTimeOffset ReadTime(BinaryReader from) => new(from.Read7BitEncodedInt64(), TimeSpan.Zero);

    private static ReadOnlyMemory<byte> ReadBytes(BinaryReader from) => from.ReadBytes(from.Read7BitEncodedInt());

    private static void WriteText(BinaryWriter to, string? text)
    {
        if (text is not null)
        {
            to.Write(text);
        }
    }

    private static void WriteTicks(BinaryWriter to, long? ticks)
    {
        if (ticks is { } known)
        {
            to.Write7BitEncodedInt64(known);
        }
    }

    private static void WriteBytes(BinaryWriter to, ReadOnlySpan<byte> bytes)
    {
        to.Write7BitEncodedInt(bytes.Length);
        to.Write(bytes);
    }
}
