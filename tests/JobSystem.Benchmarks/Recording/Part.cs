using JobSystem.Benchmarks.Goals;
using JobSystem.Benchmarks.Measuring;

namespace JobSystem.Benchmarks.Recording;

/// <summary>One part of the record: what belongs into one section of the document.</summary>
/// <param name="name">On the command line.</param>
/// <param name="about">In one line, for the help.</param>
internal abstract class Part(string name, string about)
{
    public string Name => name;

    public string About => about;

    /// <summary>There are goals for what it measures.</summary>
    public virtual bool HasGoals => true;

    public abstract Task<Section> RunAsync(Bench bench);
}

/// <summary>What a part has measured.</summary>
/// <param name="Title">Of its section.</param>
/// <param name="How">How it was measured.</param>
internal sealed record Section(string Title, string How)
{
    public List<(string Caption, TextTable Table)> Tables { get; } = [];

    /// <summary>What goals are judged by.</summary>
    public Dictionary<Measure, Spread> Figures { get; } = [];

    /// <summary>Why a goal may not be met, as it was measured in the same rounds.</summary>
    public Dictionary<Measure, string> Reasons { get; } = [];

    public string ToText() => string.Join('\n',
        Tables.Select(each => $"{Title}: {each.Caption}\n{each.Table.ToText()}").Append($"  {How}\n"));
}
