using System.Globalization;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Texts;
using JobSystem.Terminal.Arguments;
using YamlDotNet.RepresentationModel;

namespace JobSystem.Chaos.Experiments;

/// <summary>
/// A mapping of an experiment's file, read key by key. Promises: what is wrong is told with its line; a key that nobody
/// asked for is an error (<see cref="End"/>), so a typing mistake never becomes a default.
/// </summary>
internal sealed class YamlMap(string file, YamlMappingNode node, IReadOnlyDictionary<string, string> variables)
{
    private static readonly SettingType.Duration _duration = new();

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public IEnumerable<string> Keys => node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    public bool Has(string key) => Find(key) is not null;

    /// <exception cref="ExperimentException">It is not there, or not a text.</exception>
    public string Text(string key) => TextOrNull(key) ?? throw Wrong(node, $"'{key}' is missing");

    public string? TextOrNull(string key) => Find(key) is { } value ? TextOf(key, value) : null;

    public int? Whole(string key, int least = 0, int most = int.MaxValue) => Parse<int>(
        key, $"a whole number of at least {least}{(most < int.MaxValue ? $" and at most {most}" : "")}", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most
                ? number
                : null);

    /// <summary>How often something comes beside others: never would be no reason to name it.</summary>
    public double? Weight(string key) => Decimal(key) is not 0 and var weight
        ? weight
        : throw Wrong(key, $"the weight of '{key}' is 0, so it never comes: leave it out");

    public double? Decimal(string key) => Parse<double>(key, "a number of at least 0", text =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) && number >= 0
            ? number
            : null);

    public double? Share(string key) => Parse<double>(
        key, ShareText.Expected, text => ShareText.TryParse(text, out var share) ? share : null);

    public TimeSpan? Duration(string key) => Parse<TimeSpan>(
        key, _duration.Expected, text => _duration.Takes(text) && DurationText.TryParse(text, out var duration)
            ? duration
            : null);

    public bool? Flag(string key) => Parse<bool>(
        key, "true or false", text => text switch { "true" => true, "false" => false, _ => null });

    public string? Choice(string key, params string[] choices) => TextOrNull(key) is { } text
        ? choices.Contains(text, StringComparer.Ordinal)
            ? text
            : throw NoChoice(Find(key)!, key, text, choices)
        : null;

    /// <summary>Some of these words, or one.</summary>
    public IReadOnlyList<string> Choices(string key, IReadOnlyList<string> choices)
    {
        var words = Texts(key);
        return words.FirstOrDefault(word => !choices.Contains(word, StringComparer.Ordinal)) is { } wrong
            ? throw NoChoice(Find(key)!, key, wrong, choices)
            : words;
    }

    public IReadOnlyList<string> Texts(string key) => Find(key) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(each => TextOf(key, each))],
        var one => [TextOf(key, one)],
    };

    public bool IsMap(string key) => Find(key) is YamlMappingNode;

    public YamlMap? Map(string key) => Find(key) switch
    {
        null => null,
        YamlMappingNode map => new YamlMap(file, map, variables),
        var other => throw Wrong(other, $"'{key}' must be a mapping"),
    };

    public IReadOnlyList<YamlMap> Maps(string key) => Find(key) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(each => each is YamlMappingNode map
            ? new YamlMap(file, map, variables)
            : throw Wrong(each, $"an entry of '{key}' must be a mapping"))],
        var other => throw Wrong(other, $"'{key}' must be a list"),
    };

    /// <summary>After all keys were read.</summary>
    /// <exception cref="ExperimentException">There is a key that nobody knows.</exception>
    public void End(string what)
    {
        foreach (var key in node.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } name } || !_known.Contains(name))
            {
                throw Wrong(key, $"{what} has no '{key}'{NearestWord.Hint($"{key}", _known)}; " +
                    $"it has {string.Join(", ", _known.Order())}");
            }
        }
    }

    public ExperimentException Wrong(string key, string problem) => Wrong(Find(key) ?? node, problem);

    private ExperimentException NoChoice(YamlNode where, string key, string word, IReadOnlyList<string> choices) =>
        Wrong(where, $"'{key}' is {word}{NearestWord.Hint(word, choices)}, but must be one of " +
            string.Join(", ", choices));

    private ExperimentException Wrong(YamlNode where, string problem) =>
        new(where.Start.Index > 0 ? $"{file}:{where.Start.Line}: {problem}." : $"{file}: {problem}.");

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        return node.Children.FirstOrDefault(child => child.Key is YamlScalarNode { Value: var name } && name == key)
            .Value;
    }

    private T? Parse<T>(string key, string expected, Func<string, T?> parse)
        where T : struct => TextOrNull(key) is { } text
        ? parse(text) ?? throw Wrong(Find(key)!, $"'{key}' is {text}, but must be {expected}")
        : null;

    private string TextOf(string key, YamlNode value) => value is YamlScalarNode { Value: { } text }
        ? Variables.Put(text, variables) ?? throw Wrong(value, $"'{key}' names a variable that 'vars' does not have")
        : throw Wrong(value, $"'{key}' must be a text or a number");
}
