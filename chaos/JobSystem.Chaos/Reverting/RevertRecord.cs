using System.Text.Json.Serialization;

namespace JobSystem.Chaos.Reverting;

/// <summary>A line of the journal of undoing. A closed set.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Begin), "begin")]
[JsonDerivedType(typeof(Done), "done")]
internal abstract record RevertRecord
{
    private RevertRecord()
    {
    }

    /// <summary>A fault is about to be injected.</summary>
    /// <param name="Number">Of the fault in its run.</param>
    /// <param name="Fault">In words.</param>
    /// <param name="LimitMs">How long it may last before somebody else undoes it, in milliseconds.</param>
    /// <param name="At">For people.</param>
    /// <param name="Undos">In the order in which they are to be done.</param>
    public sealed record Begin(int Number, string Fault, long LimitMs, DateTimeOffset At, IReadOnlyList<Revert> Undos)
        : RevertRecord;

    /// <summary>It has been undone: nothing of it is left.</summary>
    public sealed record Done(int Number, DateTimeOffset At) : RevertRecord;
}

[JsonSerializable(typeof(RevertRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RevertJson : JsonSerializerContext;
