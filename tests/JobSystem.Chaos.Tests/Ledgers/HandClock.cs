// A clock that stands where it was put.
namespace JobSystem.Chaos.Tests.Ledgers;

internal sealed class HandClock : TimeProvider
{
    public long Now { get; set; }

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Now;
}
