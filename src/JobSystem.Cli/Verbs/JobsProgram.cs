using System.CommandLine;
using System.Text;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;
using JobSystem.Transports;

namespace JobSystem.Cli.Verbs;

/// <summary>
/// The whole command line: parses it, runs the verb, and turns what went wrong into one line and an exit code. The
/// only place of the program that catches what its verbs throw.
/// </summary>
internal static class JobsProgram
{
    /// <summary>As it is called, and as it calls itself before a problem.</summary>
    public const string Name = "jobs";

    // '@file' is a body like any other.
    private static readonly ParserConfiguration _parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var parsed = Create().Parse(args, _parsing);
            if (!MoreHelp.IsAsked(parsed) && ParseProblem.Of(parsed, verbOfBytes: EnqueueVerb.Name) is { } problem)
            {
                return Fail(Secrets.Hide(problem), ExitCode.Usage);
            }

            return Told(await InvokeAsync(parsed));
        }
        catch (UsageException error)
        {
            return Fail(error.Message, ExitCode.Usage);
        }
        catch (JobSystemConfigurationException error)
        {
            return Fail(string.Join(' ', error.Problems), ExitCode.Usage);
        }
        catch (FailedException error)
        {
            return Fail(error.Message, ExitCode.Failed);
        }
        catch (NoBrokerException error)
        {
            return Fail(error.Message, ExitCode.Unreachable);
        }
        catch (TransportException error)
        {
            return Fail(error.Message, ExitCodeOf(error.Failure.Kind));
        }
    }

    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        // Our verbs listen to the signals themselves. What is written here is the help.
        using var help = new StringWriter();
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
            Output = help,
        });
        if (help.GetStringBuilder().Length > 0)
        {
            LineWriter.Out.Write(Encoding.UTF8.GetBytes(help.ToString()));
        }

        return exitCode;
    }

    /// <summary>Whoever did not get all that was told must not take it for everything.</summary>
    private static int Told(int exitCode)
    {
        if (LineWriter.Out.Failure is not { } failure)
        {
            return exitCode;
        }

        Screen.Detect(Name).Problem(
            $"Standard output could not be written: {failure}. The output is incomplete; what was done stays done.");
        return exitCode == ExitCode.Done ? ExitCode.Failed : exitCode;
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Jobs that are finished once confirmed, on RabbitMQ.")
        {
            WorkerVerb.Create(),
            EnqueueVerb.Create(),
            QueuesVerb.Create(),
            DeadVerb.Create(),
            DemoVerb.Create(),
            DoctorVerb.Create(),
            DemoWorkerVerb.Create(),
        };
        MoreHelp.Install(root, ExitCode.Explanation);
        return root;
    }

    private static int ExitCodeOf(TransportFailureKind kind) => kind switch
    {
        TransportFailureKind.Unreachable or TransportFailureKind.Lost or TransportFailureKind.ClosedByOperator
            or TransportFailureKind.AccessRefused => ExitCode.Unreachable,
        _ => ExitCode.Failed,
    };

    private static int Fail(string problem, int exitCode)
    {
        Screen.Detect(Name).Problem(problem);
        return exitCode;
    }
}
