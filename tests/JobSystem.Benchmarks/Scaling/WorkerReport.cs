using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobSystem.Benchmarks.Scaling;

/// <summary>What a worker process answers. Times are of the clock that all processes share.</summary>
internal sealed record WorkerReport
{
    public int Finished { get; init; }

    public int InHand { get; init; }

    /// <summary>When the first of its jobs began.</summary>
    public long FirstAt { get; init; }

    /// <summary>When its last job, or the one that was asked for, had finished.</summary>
    public long LastAt { get; init; }

    /// <summary>Managed memory after a collection, in bytes; only where it was asked for.</summary>
    public long Heap { get; init; }

    public static WorkerReport Parse(string line) =>
        JsonSerializer.Deserialize(line, WorkerReportJson.Default.WorkerReport)!;

    public override string ToString() => JsonSerializer.Serialize(this, WorkerReportJson.Default.WorkerReport);
}

[JsonSerializable(typeof(WorkerReport))]
internal sealed partial class WorkerReportJson : JsonSerializerContext;
