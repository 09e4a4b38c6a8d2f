using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Mutants;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Verification.Texts;

namespace JobSystem.Chaos.Cli.Controls;

/// <summary>
/// Everything that the judge is tried on: the canaries, the mutants with the engine as it is beside them, and the
/// files of <c>controls/</c> beside the program. A file that says what it must be found guilty of is a control, one
/// that does not is a twin.
/// </summary>
internal static class TrialCatalog
{
    private const string OfMutants = "mutants";
    private const string OfCrashes = "-crashes";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "controls");

    /// <param name="target">The broker, instead of the files'; the embedded one stays. Null: theirs.</param>
    /// <exception cref="ExperimentException">A file is wrong.</exception>
    public static IReadOnlyList<Trial> All(string? target) =>
    [
        .. CanaryCatalog.All.Select(canary => new CanaryTrial(canary)),
        Of("engine-as-it-is", Read(OfMutants, ExperimentReader.NoMutant)),
        .. MutantCatalog.All.Select(mutant => mutant.Experiment).Distinct()
            .Where(name => name.EndsWith(OfCrashes, StringComparison.Ordinal))
            .Select(name => Of(name.Replace(OfMutants, "engine", StringComparison.Ordinal),
                Read(name, ExperimentReader.NoMutant))),
        .. MutantCatalog.All.Select(Of),
        .. Directory.EnumerateFiles(Folder, "*.yaml")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => !name.StartsWith(OfMutants, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Read(name))
            .Select(experiment => Of(experiment.Name, On(target, experiment))),
    ];

    private static ExperimentTrial Of(string name, Experiment experiment) => new(
        experiment.Expect.Failure is null ? TrialKind.Twin : TrialKind.Control,
        name, experiment.About, Prediction.Of(experiment.Expect), experiment);

    private static ExperimentTrial Of(Mutant mutant)
    {
        var experiment = Read(mutant.Experiment, mutant.Name);
        if (mutant.Guilt is not { } guilt)
        {
            return Of(mutant.Name, experiment with { About = mutant.About });
        }

        var expect = experiment.Expect with
        {
            Failure = KebabCase.Of($"{guilt}"),
            Beside = [.. mutant.Beside.Select(kind => KebabCase.Of($"{kind}"))],
        };
        return new ExperimentTrial(
            TrialKind.Mutant, mutant.Name, mutant.About, Prediction.Of(expect), experiment with { Expect = expect });
    }

    private static Experiment On(string? target, Experiment experiment) =>
        target is null || experiment.Target == "sqlite" ? experiment : experiment with { Target = target };

    private static Experiment Read(string name, string? mutant = null)
    {
        var file = Path.Combine(Folder, $"{name}.yaml");
        return ExperimentReader.Read(
            Path.GetFileName(file), File.ReadAllText(file),
            mutant is null ? null : new Dictionary<string, string> { ["mutant"] = mutant });
    }
}
