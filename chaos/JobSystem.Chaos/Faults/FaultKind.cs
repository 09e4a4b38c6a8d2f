using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults;

/// <summary>A kind of fault, as experiments name it and <c>chaos faults</c> lists it.</summary>
/// <param name="Name">In kebab case: <c>worker-kill</c>.</param>
/// <param name="About">One sentence for people.</param>
/// <param name="Settings">What an experiment may set, with defaults in the words; empty: nothing.</param>
/// <param name="Needs">What the target must be able to do.</param>
/// <param name="Create">Makes one, right before it is injected; reads every setting it knows.</param>
public sealed record FaultKind(
    string Name,
    string About,
    IReadOnlyList<FaultSetting> Settings,
    TargetPowers Needs,
    Func<FaultArguments, FaultContext, Fault> Create)
{
    public bool NeedsAny(TargetPowers powers) => (Needs & powers) != 0;

    /// <summary>What is wrong with the first setting that is; null: all are right, as far as they are known.</summary>
    public string? Problem(IEnumerable<(string Name, string Value)> given) => given
        .Select(each => Settings.FirstOrDefault(setting => setting.Name == each.Name)?.Problem(each.Value))
        .FirstOrDefault(problem => problem is not null);

    /// <summary>The target can do all that it needs.</summary>
    public bool CanHit(ITarget target) => (Needs & ~target.Powers) == 0;
}

/// <summary>One setting of a kind of fault: <c>for</c>, default <c>2s</c>.</summary>
/// <param name="Name">In kebab case.</param>
/// <param name="Default">As text, as an experiment would say it.</param>
/// <param name="About">A sentence for people.</param>
/// <param name="Type">What it may be.</param>
public sealed record FaultSetting(string Name, string Default, string About, SettingType Type)
{
    public static FaultSetting Duration(string name, string standard, string about) =>
        new(name, standard, about, new SettingType.Duration());

    public static FaultSetting Whole(string name, string standard, string about, int least = 0) =>
        new(name, standard, about, new SettingType.Whole(least));

    public static FaultSetting Choice(string name, string standard, string about, params string[] choices) =>
        new(name, standard, about, new SettingType.Choice(choices));

    /// <summary>Null: it is right. Else what is wrong, for people.</summary>
    public string? Problem(string text) => Type.Takes(text)
        ? null
        : $"'{Name}' is {text}{Texts.NearestWord.Hint(text, Type.Words)}, but must be {Type.Expected}";
}
