using System.Collections.Concurrent;
using System.Text;
using JobSystem.Cli.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobSystem.Tests.Cli;

/// <summary>Runs shell scripts as jobs' commands, with real processes and a real guardian.</summary>
internal sealed class CommandBench : IDisposable
{
    private readonly ConcurrentQueue<string> _out = new();
    private readonly ConcurrentQueue<string> _error = new();

    public Guardian Guardian { get; } = new(SessionLeader, NullLogger.Instance, TimeProvider.System);

    public string Out => string.Concat(_out);

    public string Error => string.Concat(_error);

    private static string? SessionLeader => Find("sh").SessionLeader;

    public Task RunAsync(string script, Job? job = null, TimeSpan? grace = null, CancellationToken cancel = default) =>
        RunAsync(["sh", "-c", script], job, grace, cancel);

    public async Task RunAsync(
        IReadOnlyList<string> words, Job? job = null, TimeSpan? grace = null, CancellationToken cancel = default)
    {
        var command = Find([.. words]);
        var output = new CommandOutput(
            lines => _out.Enqueue(Encoding.UTF8.GetString(lines)),
            (_, lines) => _error.Enqueue(Encoding.UTF8.GetString(lines)));
        using var runner = new CommandRunner(command, Guardian, output, TimeProvider.System)
        {
            Grace = grace ?? TimeSpan.FromSeconds(20),
        };
        await runner.RunAsync(new JobContext(job ?? JobOf(""), "queue-1", NullLogger.Instance), cancel);
    }

    public static Job JobOf(string body, string? type = null) => new()
    {
        Id = new JobId("job-1"),
        Type = type,
        Attempt = 3,
        Body = Encoding.UTF8.GetBytes(body),
    };

    private static JobCommand Find(params IReadOnlyList<string> words) =>
        JobCommand.Find(words, Environment.GetEnvironmentVariable("PATH"));

    public void Dispose() => Guardian.Dispose();
}
