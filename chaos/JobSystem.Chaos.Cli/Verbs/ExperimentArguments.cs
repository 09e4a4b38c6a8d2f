using System.CommandLine;
using System.Security.Cryptography;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Plans;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary>Which experiments, with which seed, variables and target: alike for <c>run</c> and <c>plan</c>.</summary>
internal static class ExperimentArguments
{
    public static Argument<string[]> Files { get; } = new("file")
    {
        Description = "Experiments: YAML files, or names of those that ship.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<int?> Seed { get; } = Options.Number("--seed",
        "Seed of everything random. Default: a new one, which is printed.", 0, int.MaxValue);

    public static Option<string[]> Variables { get; } = Options.Texts("--var",
        "Set a variable of the experiment. Repeatable.", "NAME=VALUE");

    public static Option<string?> Target { get; } = Options.Text("--target",
        "Broker to use instead of the experiment's: sqlite, plain, 4.0, 4.3, compose, cluster, or an amqp:// URI.",
        "NAME");

    public static int SeedOf(ParseResult parsed) =>
        parsed.GetValue(Seed) ?? RandomNumberGenerator.GetInt32(1, 1_000_000);

    /// <summary>Each with the word that named it.</summary>
    public static IReadOnlyList<(string File, Experiment Experiment)> Read(ParseResult parsed)
    {
        var variables = VariablesOf(parsed);
        var overlay = new YamlOverlay();
        overlay.Set(parsed.GetValue(Target), "target");
        return [.. parsed.GetValue(Files)!.Select(name => (name, ExperimentCatalog.Read(name, variables, overlay)))];
    }

    /// <summary>How the user may say the same again.</summary>
    public static string Spell(ParseResult parsed, string file)
    {
        var target = parsed.GetValue(Target) is { } given ? $" --target {Secrets.Hide(given)}" : "";
        var variables = string.Concat((parsed.GetValue(Variables) ?? []).Select(each => $" --var {each}"));
        return $"{file}{target}{variables}";
    }

    public static IReadOnlyDictionary<string, string> VariablesOf(ParseResult parsed)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in parsed.GetValue(Variables) ?? [])
        {
            variables[text.Split('=')[0]] = text.Contains('=', StringComparison.Ordinal)
                ? text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..]
                : throw new UsageException($"--var: '{text}' is not NAME=VALUE.");
        }

        return variables;
    }
}
