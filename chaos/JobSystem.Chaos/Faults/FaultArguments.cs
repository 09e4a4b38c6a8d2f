using System.Globalization;
using JobSystem.Chaos.Texts;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Faults;

/// <summary>
/// What an experiment sets of a fault, as text by name; what is not set is the kind's default. Names and values were
/// checked when the experiment was read, by the types of the kind's settings.
/// </summary>
public sealed class FaultArguments(FaultKind kind, IReadOnlyDictionary<string, string> given)
{
    /// <exception cref="FormatException">The text is not a duration; the message names fault and setting.</exception>
    public TimeSpan Duration(string name) => DurationText.TryParse(Text(name), out var duration)
        ? duration
        : throw Wrong(name, DurationText.Expected);

    /// <exception cref="FormatException">The text is not a whole number of at least zero.</exception>
    public int Number(string name) =>
        int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(name, "a whole number");

    /// <summary>A share as <c>5%</c> or <c>0.05</c>.</summary>
    /// <exception cref="FormatException">The text is not a share from 0 to 1.</exception>
    public double Share(string name) => ShareText.TryParse(Text(name), out var share)
        ? share
        : throw Wrong(name, ShareText.Expected);

    /// <exception cref="FormatException">The text is none of the choices.</exception>
    public string Choice(string name) => SettingOf(name) is var setting && setting.Type.Takes(Text(name))
        ? Text(name)
        : throw Wrong(name, setting.Type.Expected);

    /// <summary>The number of a node.</summary>
    /// <exception cref="FormatException">The target has no such node.</exception>
    public int Node(string name, int nodes) => Number(name) is var node && node >= 1 && node <= nodes
        ? node
        : throw Wrong(name, nodes == 1 ? "1: there is one node" : $"a number from 1 to {nodes}");

    public string Text(string name) => given.TryGetValue(name, out var text) ? text : SettingOf(name).Default;

    private FaultSetting SettingOf(string name) => kind.Settings.Single(setting => setting.Name == name);

    private FormatException Wrong(string name, string expected) =>
        new($"The fault '{kind.Name}' has {name}: {Text(name)}, which is not {expected}.");
}
