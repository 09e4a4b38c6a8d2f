using YamlDotNet.RepresentationModel;

namespace JobSystem.Chaos.Experiments;

/// <summary>
/// What is said beside an experiment's file and wins over it: values by their path (<c>workload.rate</c>), faults
/// added to its own. Put into the file's own tree before it is read, so a value is checked in one way wherever it
/// came from.
/// </summary>
public sealed class YamlOverlay
{
    private readonly List<Action<YamlMappingNode>> _changes = [];

    /// <summary>Sets a value, whatever the file says; null: does nothing.</summary>
    /// <param name="value">As it would stand in the file.</param>
    /// <param name="path">Keys from the outermost on.</param>
    public void Set(string? value, params string[] path)
    {
        if (value is not null)
        {
            _changes.Add(root => MapAt(root, path[..^1]).Children[path[^1]] = new YamlScalarNode(value));
        }
    }

    /// <summary>Takes a value out.</summary>
    public void Remove(params string[] path) =>
        _changes.Add(root => MapAt(root, path[..^1]).Children.Remove(path[^1]));

    /// <summary>Adds a mapping of texts to a list.</summary>
    public void Add(string list, IReadOnlyDictionary<string, string> entry) => _changes.Add(root =>
    {
        var node = new YamlMappingNode(entry.SelectMany(
            pair => new YamlNode[] { new YamlScalarNode(pair.Key), new YamlScalarNode(pair.Value) }));
        if (root.Children.TryGetValue(list, out var found) && found is YamlSequenceNode entries)
        {
            entries.Add(node);
        }
        else
        {
            root.Children[list] = new YamlSequenceNode(node);
        }
    });

    internal void Apply(YamlMappingNode root) => _changes.ForEach(change => change(root));

    private static YamlMappingNode MapAt(YamlMappingNode root, string[] path)
    {
        var map = root;
        foreach (var key in path)
        {
            if (!map.Children.TryGetValue(key, out var next) || next is not YamlMappingNode found)
            {
                map.Children[key] = found = new YamlMappingNode();
            }

            map = found;
        }

        return map;
    }
}
