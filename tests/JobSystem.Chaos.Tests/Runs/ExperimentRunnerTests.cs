using JobSystem.Chaos.Cli.Views;
using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Runs;

/// <summary>Whole runs with real processes on the embedded broker: small, so that they need seconds.</summary>
public sealed class ExperimentRunnerTests : IDisposable
{
    private static readonly Experiment _small = new()
    {
        Name = "small",
        About = "A worker is killed.",
        Workload = new WorkloadPlan { Jobs = 300, Rate = RatePlan.Constant(200) },
        Faults = [new FaultPlan { Fault = "worker-kill", At = TimeSpan.FromMilliseconds(500) }],
    };

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_with_a_killed_worker_loses_nothing_and_is_judged_the_same_again()
    {
        var (report, run) = await RunAsync(_small);

        Assert.True(
            report.ExitCode == ChaosExitCode.Pass,
            $"{report.ExitCode} {report.Verdict}\n{string.Join('\n', report.AllThresholds)}");
        Assert.Equal(300, report.Verdict.Tally.Finished);
        Assert.Equal("worker-kill", Assert.Single(report.Recovery.Faults).Name);
        Assert.Equal($"{report.Verdict}", $"{RunChecker.Judge(RunFolder.Open(run)).Verdict}");
        Assert.All(
            [
                "report.html", "report.json", "junit.xml", "confirm.hgrm", "finished.hgrm", "delay.hgrm",
                "confirm-sent.hgrm", "finished-sent.hgrm",
            ],
            name => Assert.True(File.Exists(Path.Combine(run, name))));
    }

    [Fact]
    public async Task A_run_with_crashed_actors_loses_nothing_and_proves_each_crash()
    {
        var (report, _) = await RunAsync(_small with
        {
            Faults =
            [
                .. ActorKind.All.Select((kind, index) => new FaultPlan
                {
                    Fault = "actor-crash",
                    At = TimeSpan.FromMilliseconds(300 + (150 * index)),
                    Settings = new Dictionary<string, string> { ["kind"] = kind.Name },
                }),
            ],
        });

        Assert.True(report.ExitCode == ChaosExitCode.Pass, $"{report.ExitCode} {report.Verdict}");
        Assert.Equal(ActorKind.All.Count, report.Recovery.Faults.Count);
    }

    [Fact]
    public async Task A_run_whose_ledger_lost_a_file_is_unknown()
    {
        var (_, run) = await RunAsync(_small with { Faults = [] });

        File.Delete(Path.Combine(run, "ledger", "worker-1.1.ledger"));
        var report = RunChecker.Judge(RunFolder.Open(run));

        Assert.Contains(
            report.Verdict.Doubts, doubt => doubt.Contains("worker-1.1 is missing", StringComparison.Ordinal));
        Assert.NotEqual(ChaosExitCode.Pass, report.ExitCode);
    }

    [Fact]
    public async Task A_run_whose_controller_died_before_it_saved_what_it_knew_never_passes()
    {
        var (report, run) = await RunAsync(_small with { Faults = [] });
        Assert.Equal(ChaosExitCode.Pass, report.ExitCode);
        var folder = RunFolder.Open(run);

        folder.Save(folder.Load() with { IsComplete = false });

        Assert.Equal(ChaosExitCode.Unknown, RunChecker.Judge(folder).ExitCode);
    }

    [Fact]
    public async Task What_processes_leave_in_their_temporary_folder_is_in_the_folder_of_the_run()
    {
        var (_, run) = await RunAsync(_small with { Faults = [] });

        Assert.Equal(
            ["producer-1.1", "worker-1.1", "worker-2.1"],
            Directory.GetDirectories(Path.Combine(run, "tmp")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task An_interrupted_run_ends_in_order_and_proves_nothing()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        var (report, _) = await RunAsync(
            _small with { Workload = new WorkloadPlan { Jobs = 100_000, Rate = RatePlan.Constant(100) } }, stop.Token);

        Assert.Equal(VerdictKind.Unknown, report.Verdict.Kind);
        Assert.Equal(0, report.Verdict.Tally.Lost);
    }

    [Fact]
    public async Task The_password_of_a_broker_is_in_no_file_of_its_run()
    {
        var run = RunFolder.Create(_folder.File("unreachable"));

        await Assert.ThrowsAnyAsync<Exception>(() => ExperimentRunner.RunAsync(
            _small with { Target = "amqp://somebody:secret@127.0.0.1:1/" }, 7, run, "again", new NoView(), default));

        Assert.Contains( // before the broker is brought up, which fails here
            "drop-queue", File.ReadAllText(run.File(RevertJournal.FileName)), StringComparison.Ordinal);
        var files = Directory.GetFiles(run.Path, "*", SearchOption.AllDirectories);
        Assert.Contains(run.File("run.json"), files);
        Assert.All(files, file => Assert.DoesNotContain("secret", File.ReadAllText(file), StringComparison.Ordinal));
    }

    private async Task<(RunReport Report, string Folder)> RunAsync(
        Experiment experiment, CancellationToken stop = default)
    {
        var run = _folder.File(Path.GetRandomFileName());
        var report = await ExperimentRunner.RunAsync(
            experiment, seed: 7, RunFolder.Create(run), "again", new NoView(), stop);
        return (report, run);
    }
}
