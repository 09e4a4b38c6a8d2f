// A process of a test's own that can be stopped and says so when it is woken; killed in the end.
using System.Diagnostics;
using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Reverting;

namespace JobSystem.Chaos.Tests.Reverting;

internal sealed class Sleeper : IDisposable
{
    private const string Script = "trap 'echo woken' CONT; sleep 300 & echo ready; while :; do wait; done";
    private const int SigCont = 18;

    private readonly Process _process;

    private Sleeper(Process process) => (_process, Birth) = (process, ProcessBirth.Of(process.Id)!.Value);

    public int Pid => _process.Id;

    public long Birth { get; }

    public static async Task<Sleeper> StartAsync()
    {
        var sleeper = new Sleeper(Process.Start(
            new ProcessStartInfo("bash", ["-c", Script]) { RedirectStandardOutput = true })!);
        await sleeper.SaysAsync("ready");
        return sleeper;
    }

    public void Stop()
    {
        using var kill = Process.Start("kill", ["-STOP", $"{Pid}"]);
        kill.WaitForExit();
    }

    public Revert Wake() => new Revert.Signal(Pid, Birth, SigCont, "wake it");

    /// <summary>Returns when it says that it was continued.</summary>
    public Task IsAwakeAsync() => SaysAsync("woken");

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task SaysAsync(string word)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        if (await _process.StandardOutput.ReadLineAsync(late.Token) is var said && said != word)
        {
            throw new InvalidOperationException($"The sleeper said '{said}' instead of '{word}'.");
        }
    }
}
