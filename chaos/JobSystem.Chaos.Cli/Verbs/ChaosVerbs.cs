using System.CommandLine;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Targets;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary>
/// The whole command line of <c>chaos</c>: parses it, runs the verb, turns what went wrong into one line and an exit
/// code.
/// </summary>
internal static class ChaosVerbs
{
    /// <summary>The command line is wrong (as in <c>sysexits.h</c>: 2 says unknown here).</summary>
    public const int Usage = 64;

    private const int Failed = 70;

    private const string ExitCodes = ChaosExitCode.Explanation + ", 64 wrong usage, 70 could not be run at all";

    private static readonly InvocationConfiguration _invocation = new()
    {
        ProcessTerminationTimeout = null,
        EnableDefaultExceptionHandler = false,
    };

    public static Screen Screen { get; } = Screen.Detect(ChaosProgram.Name);

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var parsed = Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (!MoreHelp.IsAsked(parsed) && ParseProblem.Of(parsed) is { } problem)
            {
                return Fail(Secrets.Hide(problem), Usage);
            }

            return await parsed.InvokeAsync(_invocation);
        }
        catch (Exception error) when (error is ExperimentException or FormatException or UsageException)
        {
            return Fail(error.Message, Usage);
        }
        catch (Exception error) when (error is TargetException or FaultException or IOException
            or UnauthorizedAccessException or TimeoutException or NoBrokerException
            or JobSystem.Transports.TransportException or Systems.QueueRefusedException
            or RabbitMQ.Client.Exceptions.RabbitMQClientException)
        {
            return Fail(error.Message, Failed);
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Break a job system on purpose and prove that no confirmed job is lost.")
        {
            RunVerb.Create(),
            LoadVerb.Create(),
            FindMaxVerb.Create(),
            CompareVerb.Create(),
            PlanVerb.Create(),
            ListVerbs.Experiments(),
            ListVerbs.Faults(),
            ListVerbs.Schema(),
            CheckVerb.Create(),
            ShowVerb.Create(),
            VerifyVerb.Create(),
            HealVerb.Create(),
            HiddenVerbs.Worker(),
            HiddenVerbs.Producer(),
            HiddenVerbs.Guard(),
            HiddenVerbs.DropQueue(),
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
