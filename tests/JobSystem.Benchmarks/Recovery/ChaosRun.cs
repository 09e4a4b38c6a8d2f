using System.Diagnostics;
using System.Text.Json;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Cli;
using JobSystem.Terminal.Processes;

namespace JobSystem.Benchmarks.Recovery;

/// <summary>
/// One run of the <c>chaos</c> program, and what its report says of each fault. A run that was stopped undoes its
/// faults before it ends.
/// </summary>
internal static class ChaosRun
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(5);

    /// <param name="experiment">One that ships.</param>
    /// <param name="target">A broker of ours.</param>
    /// <param name="folder">For its reports.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="FailedException">It could not be run, or the promise was broken.</exception>
    public static async Task<IReadOnlyList<FaultFigures>> RunAsync(
        string experiment, string target, string folder, CancellationToken cancel)
    {
        using var process = Process.Start(OurProgram.ToStart(
            "chaos", ["run", experiment, "--target", target, "--seed", "7", "--out", folder]))!;
        var words = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var problems = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await using (cancel.Register(() => Posix.Signal(process.Id, Posix.SigTerm)))
        {
            using var patience = new CancellationTokenSource(_deadline, TimeProvider.System);
            await process.WaitForExitAsync(patience.Token);
        }

        cancel.ThrowIfCancellationRequested();
        var report = Directory.EnumerateFiles(folder, "report.json", SearchOption.AllDirectories).FirstOrDefault();
        return report is not null && process.ExitCode is 0 or 3 // a threshold of the experiment: judged here
            ? Read(await File.ReadAllTextAsync(report!, cancel))
            : throw new FailedException($"chaos run {experiment} ended with {process.ExitCode}: "
                + $"{LastLine(await problems) ?? LastLine(await words)}");
    }

    /// <summary>What a report says. Pure.</summary>
    public static IReadOnlyList<FaultFigures> Read(string report)
    {
        using var json = JsonDocument.Parse(report);
        return [.. json.RootElement.GetProperty("faults").EnumerateArray().Select(fault => new FaultFigures(
            fault.GetProperty("name").GetString()!,
            Seconds(fault, "redelivery"), Seconds(fault, "firstConfirm"), Seconds(fault, "firstFinished")))];
    }

    private static double? Seconds(JsonElement fault, string stage) =>
        fault.GetProperty(stage) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static string? LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
}

/// <summary>How soon things went on after a fault, in seconds; null: did not apply.</summary>
/// <param name="Fault">Its name.</param>
/// <param name="Redelivery">Since a worker's death, to another worker.</param>
/// <param name="FirstConfirm">Since the broker was back.</param>
/// <param name="FirstFinished">Since the broker was back, of a run begun since.</param>
internal sealed record FaultFigures(string Fault, double? Redelivery, double? FirstConfirm, double? FirstFinished);
