// The door to tests/brokers/broker. Owns one call of the script: starts it, reads what it says, ends it at
// its deadline. Promises the script's output, trimmed, or a BrokerScriptException with what it said went
// wrong.
using System.Diagnostics;

namespace JobSystem.RabbitMq.Tests.Brokers;

/// <summary>The script said no: its exit code was not 0, or it did not end in time.</summary>
public sealed class BrokerScriptException(string message) : Exception(message);

internal static class BrokerScript
{
    // A first `up` may install packages and build an image; everything else takes seconds.
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(8);

    private static readonly string _script = Path.Combine(RepositoryRoot(), "tests", "brokers", "broker");

    public static async Task<string> RunAsync(string kind, string verb, params string[] arguments)
    {
        ProcessStartInfo start = new("bash", [_script, kind, verb, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process script = Process.Start(start)!;
        script.StandardInput.Close();
        using CancellationTokenSource deadline = new(_deadline);
        try
        {
            Task<string> output = script.StandardOutput.ReadToEndAsync(deadline.Token);
            Task<string> error = script.StandardError.ReadToEndAsync(deadline.Token);
            await Task.WhenAll(output, error, script.WaitForExitAsync(deadline.Token));
            return script.ExitCode == 0
                ? (await output).Trim()
                : throw new BrokerScriptException($"broker {kind} {verb}: {script.ExitCode}: {await error}");
        }
        catch (OperationCanceledException)
        {
            script.Kill(entireProcessTree: true);
            throw new BrokerScriptException($"broker {kind} {verb}: not done within {_deadline}");
        }
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "JobSystem.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName
            ?? throw new BrokerScriptException($"no JobSystem.sln above {AppContext.BaseDirectory}");
    }
}
