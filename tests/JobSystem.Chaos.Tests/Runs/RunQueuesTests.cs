using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Targets;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Chaos.Tests.Runs;

/// <summary>The queues of a run hold jobs of this run alone.</summary>
public sealed class RunQueuesTests
{
    private const string Space = "chaos-77aa";

    private static readonly Experiment _usual = new() { Name = "x", About = "x" };

    [Fact]
    public void On_somebody_elses_broker_the_run_has_a_queue_of_its_own() => Assert.Equal(
        Space, Assert.Single(Named("amqp://localhost", _usual).Workload.Queues).Name);

    [Fact]
    public void A_queue_that_the_experiment_names_is_used_as_it_is()
    {
        var named = _usual with { Workload = new WorkloadPlan { Queues = [new QueueShare("orders", 1)] } };

        Assert.Equal("orders", Assert.Single(Named("amqp://localhost", named).Workload.Queues).Name);
    }

    [Fact]
    public void Where_the_space_is_the_runs_own_the_queue_keeps_its_name() =>
        Assert.Equal(QueueShare.Usual, Assert.Single(Named("sqlite", _usual).Workload.Queues));

    [Fact]
    public async Task The_queue_on_somebody_elses_broker_is_journaled_before_it_is_made_and_without_the_password()
    {
        var target = TargetCatalog.Create("amqp://guest:secret@localhost", "unused");
        await target.ReserveAsync(Space, CancellationToken.None);

        var undo = Assert.IsType<Revert.Command>(Assert.Single(target.Removal));

        Assert.Equal(Space, undo.Arguments[^1]);
        Assert.DoesNotContain("secret", $"{undo} {string.Join(' ', undo.Arguments)}", StringComparison.Ordinal);
        Assert.Equal("amqp://guest:secret@localhost", target.Secret);
    }

    [Theory]
    [InlineData(557, 0, "holds 557 messages already")]
    [InlineData(1, 0, "holds 1 message already")]
    [InlineData(0, 1, "is consumed by somebody else")]
    public void A_queue_that_is_not_the_runs_alone_is_refused(long ready, long consumers, string problem) =>
        Assert.Contains(
            problem, RunQueues.Problem(new QueueInfo("chaos", "quorum", true, ready, consumers, [])),
            StringComparison.Ordinal);

    [Fact]
    public void An_empty_queue_is_taken() =>
        Assert.Null(RunQueues.Problem(new QueueInfo("chaos", "quorum", true, 0, 0, [])));

    private static Experiment Named(string target, Experiment experiment) =>
        RunQueues.Named(experiment, TargetCatalog.Create(target, "unused"), Space);
}
