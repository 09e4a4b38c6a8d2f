using System.Globalization;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Targets;

namespace JobSystem.Benchmarks.Brokers;

/// <summary>Where a broker's own processes are on this machine, and which broker can run here.</summary>
internal static class BrokerProcess
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(20);

    /// <summary>A container of a current RabbitMQ where Docker runs, else a process of the system's package.</summary>
    public static async Task<string> BestOfOursAsync(CancellationToken cancel) =>
        await DockerAsync(["info"], cancel) is null ? "plain" : "4.3";

    /// <summary>Null where they cannot be seen: on another machine, of another user, in a way we do not know.</summary>
    public static async Task<ProcessGauge?> FindAsync(ITarget target, CancellationToken cancel)
    {
        var uri = target.Uris[0];
        var process = uri.IsLoopback && await DockerAsync(["ps", "-q", "--filter", $"publish={uri.Port}"], cancel) is
            { Length: > 0 } container
            ? await DockerAsync(["inspect", "--format", "{{.State.Pid}}", container], cancel)
            : target.Name == "plain"
                ? (await target.ControlAsync(1, ["eval", "os:getpid()."], cancel)).Trim('"')
                : null;
        return int.TryParse(process, CultureInfo.InvariantCulture, out var id) ? new ProcessGauge(id) : null;
    }

    private static async Task<string?> DockerAsync(string[] arguments, CancellationToken cancel)
    {
        try
        {
            var run = await ProgramRun.ToEndAsync("docker", arguments, _deadline, TimeProvider.System, cancel);
            return run.ExitCode == 0 ? run.Output : null;
        }
        catch (ProgramException)
        {
            return null; // there is no docker, or it does not answer
        }
    }
}
