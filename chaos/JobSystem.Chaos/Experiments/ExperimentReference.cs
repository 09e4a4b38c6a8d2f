using System.Text;
using System.Text.Json;
using JobSystem.Chaos.Faults;

namespace JobSystem.Chaos.Experiments;

/// <summary>
/// The reference of experiments as Markdown, made from the schema, the settings and the kinds of faults:
/// <c>docs/experiments.md</c>, which a test holds against it. Pure.
/// </summary>
internal static class ExperimentReference
{
    /// <param name="schema">Of an experiment, as JSON.</param>
    public static string Of(string schema)
    {
        using var json = JsonDocument.Parse(schema);
        var root = json.RootElement;
        var text = new StringBuilder();
        Add(text, """
            # Experiments

            Every setting of an experiment's file. Written by `chaos schema --reference`; a test holds it true.
            `chaos show NAME` prints an experiment with all of them, `chaos schema` the schema for editors.

            """);
        var about = LeavesOf(root).ToDictionary(leaf => leaf.Path, leaf => leaf.About, StringComparer.Ordinal);
        foreach (var part in SettingSheet.Rows.GroupBy(row => row.Path.Contains('.') ? row.Path.Split('.')[0] : ""))
        {
            Add(text, part.Key.Length == 0 ? "## At the top\n" : $"## {part.Key}\n");
            Add(text, "| setting | default | allowed | what it is |\n| --- | --- | --- | --- |");
            foreach (var row in part)
            {
                Add(text, $"| `{row.Path}` | {Cell(row.Default)} | {Cell(row.Allowed)} | " +
                    $"{Cell(about.GetValueOrDefault(row.Path, ""))} |");
            }

            Add(text, "");
        }

        AddFaults(text, root);
        return text.ToString().TrimEnd() + "\n";
    }

    /// <summary>The settings of a schema in its order, faults left out.</summary>
    internal static IEnumerable<(string Path, string About)> LeavesOf(JsonElement part, string above = "")
    {
        foreach (var property in part.GetProperty("properties").EnumerateObject())
        {
            var path = above.Length == 0 ? property.Name : $"{above}.{property.Name}";
            if (property.Name == "faults")
            {
                continue;
            }

            if (property.Value.TryGetProperty("properties", out _))
            {
                foreach (var leaf in LeavesOf(property.Value, path))
                {
                    yield return leaf;
                }
            }
            else
            {
                yield return (path, AboutOf(property.Value));
            }
        }
    }

    private static void AddFaults(StringBuilder text, JsonElement root)
    {
        Add(text, """
            ## faults

            A list, at the top or in `nemesis`, which draws from it by chance. Each fault has:

            | setting | what it is |
            | --- | --- |
            """);
        foreach (var property in root.GetProperty("$defs").GetProperty("fault").GetProperty("properties")
            .EnumerateObject())
        {
            var what = property.Name == "fault" ? "Its kind, one of those below." : AboutOf(property.Value);
            Add(text, $"| `{property.Name}` | {Cell(what)} |");
        }

        foreach (var kind in FaultCatalog.All)
        {
            Add(text, $"\n### {kind.Name}\n\n{kind.About}");
            if (kind.Settings.Count > 0)
            {
                Add(text, "\n| setting | default | allowed | what it is |\n| --- | --- | --- | --- |");
            }

            foreach (var setting in kind.Settings)
            {
                Add(text, $"| `{setting.Name}` | {Cell(setting.Default)} | {Cell(setting.Type.Expected)} | " +
                    $"{Cell(setting.About)} |");
            }
        }
    }

    private static string AboutOf(JsonElement property) =>
        property.TryGetProperty("description", out var about) ? about.GetString() ?? "" : "";

    /// <summary>What would end the cell is written out.</summary>
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static void Add(StringBuilder text, string line) => text.Append(line).Append('\n');
}
