using JobSystem.Chaos.Cli.Controls;
using JobSystem.Chaos.Mutants;
using Xunit;

namespace JobSystem.Chaos.Tests.Controls;

public sealed class TrialCatalogTests
{
    [Fact]
    public void Every_file_of_controls_can_be_read_and_every_trial_has_a_name_of_its_own()
    {
        var trials = TrialCatalog.All(target: null);

        Assert.Equal(trials.Count, trials.Select(trial => trial.Name).Distinct().Count());
        Assert.Contains(trials, trial => trial.Kind == TrialKind.Control);
        Assert.Contains(trials, trial => trial is { Kind: TrialKind.Twin, Needs: TrialNeeds.Broker });
    }

    [Fact]
    public void Each_mutant_that_has_a_guilt_is_tried() => Assert.Equal(
        MutantCatalog.All.Where(mutant => mutant.Guilt is not null).Select(mutant => mutant.Name),
        TrialCatalog.All(target: null).Where(trial => trial.Kind == TrialKind.Mutant).Select(trial => trial.Name));

    [Fact]
    public void Another_target_is_taken_by_what_runs_on_a_broker_only()
    {
        var targets = TrialCatalog.All("plain").OfType<ExperimentTrial>()
            .Select(trial => trial.Experiment.Target).Distinct().Order();

        Assert.Equal(["plain", "sqlite"], targets);
    }
}
