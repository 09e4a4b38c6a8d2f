using System.CommandLine;
using JobSystem.Chaos.Targets;
using JobSystem.Cli;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;
using JobSystem.Transports;

namespace JobSystem.Benchmarks.Verbs;

/// <summary>The whole command line: parses it, runs the verb, turns what went wrong into one line and an exit code.
/// </summary>
internal static class BenchmarkVerbs
{
    private const string ExitCodes = "0 done, 1 failed, 2 wrong usage";

    private static readonly InvocationConfiguration _invocation = new()
    {
        ProcessTerminationTimeout = null,
        EnableDefaultExceptionHandler = false,
    };

    public static Screen Screen { get; } = Screen.Detect("benchmarks");

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var parsed = Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (!MoreHelp.IsAsked(parsed) && ParseProblem.Of(parsed) is { } problem)
            {
                return Fail(Secrets.Hide(problem), ExitCode.Usage);
            }

            return await parsed.InvokeAsync(_invocation);
        }
        catch (UsageException error)
        {
            return Fail(error.Message, ExitCode.Usage);
        }
        catch (Exception error) when (error is TargetException or TransportException or TimeoutException or IOException)
        {
            return Fail(error.Message, ExitCode.Failed);
        }
        catch (OperationCanceledException)
        {
            return Fail("Stopped; nothing is left behind.", ExitCode.Failed);
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Measures the job system, and writes the benchmark of record.")
        {
            RecordVerb.Create(),
            WorkVerb.Create(),
        };
        MoreHelp.Install(root, ExitCodes);
        return root;
    }

    private static int Fail(string problem, int exitCode)
    {
        Screen.Problem(problem);
        return exitCode;
    }
}
