using System.Buffers.Binary;
using System.Text;
using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Systems;

/// <summary>
/// The payload of a job under test: its id, a line break, filling drawn from the id. The ledger knows a job by what
/// stands in its payload, never by what the system under test says of it.
/// </summary>
public static class JobBody
{
    /// <param name="job">ASCII.</param>
    /// <param name="length">In bytes; at least as long as the id needs.</param>
    public static byte[] Create(JobId job, int length)
    {
        var id = Encoding.ASCII.GetBytes(job.Value);
        var body = new byte[Math.Max(length, id.Length + 1)];
        id.CopyTo(body, 0);
        body[id.Length] = (byte)'\n';
        var draws = new Draws(JobHistory.HashOf(id));
        var rest = body.AsSpan(id.Length + 1);
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, draws.NextBits());
        }

        rest.Fill((byte)draws.NextBits());
        return body;
    }

    /// <summary>Whose payload it is; false for bytes of somebody else.</summary>
    public static bool TryGetJob(ReadOnlySpan<byte> body, out JobId job)
    {
        var end = body[..Math.Min(body.Length, JobId.MaxBytes + 1)].IndexOf((byte)'\n');
        job = default;
        return end > 0 && Ascii.IsValid(body[..end])
            && JobId.TryParse(Encoding.ASCII.GetString(body[..end]), out job);
    }
}
