using System.Diagnostics;
using JobSystem.Monitoring;

namespace JobSystem.Handlers;

/// <summary>
/// Runs a handler and turns whatever it does into an outcome: the only place that catches a user's exceptions.
/// </summary>
internal static class HandlerInvocation
{
    /// <param name="binding">The handler.</param>
    /// <param name="context">The run's facts.</param>
    /// <param name="job">For the trace.</param>
    /// <param name="cancel">The run's token.</param>
    /// <param name="caller">Told of the outcome, once, on the thread where the handler ended: a task of its own would
    /// cost as much as the rest.</param>
    public static async Task RunAsync(HandlerBinding binding, JobContext context, Job job, IHandlerCaller caller,
        CancellationToken cancel)
    {
        using var activity = Telemetry.StartRun(job, context.Queue);
        JobOutcome? outcome;
        try
        {
            await binding.Run(context, cancel);
            outcome = JobOutcome.Succeeded.Instance;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            outcome = null;
        }
        catch (JobNotRetryableException hopeless)
        {
            outcome = Failed(activity, hopeless, new JobOutcome.NotRetryable(Describe(hopeless)));
        }
        catch (JobNotStartedException notStarted)
        {
            outcome = Failed(activity, notStarted, new JobOutcome.NotStarted(notStarted.Message));
        }
        catch (JobRetryLaterException later)
        {
            outcome = Failed(activity, later, new JobOutcome.Failed(Describe(later), later.Delay));
        }
#pragma warning disable CA1031 // a handler may throw anything; it becomes a value here and nowhere else
        catch (Exception error)
#pragma warning restore CA1031
        {
            outcome = Failed(activity, error, new JobOutcome.Failed(Describe(error)));
        }

        caller.OnReturned(outcome);
    }

    private static JobOutcome Failed(Activity? activity, Exception error, JobOutcome outcome)
    {
        activity?.SetStatus(ActivityStatusCode.Error, error.Message);
        return outcome;
    }

    private static string Describe(Exception error) => error is JobNotRetryableException or JobRetryLaterException
        ? error.Message
        : error.ToString();
}

/// <summary>Who has a handler run.</summary>
internal interface IHandlerCaller
{
    /// <param name="outcome">Null when the run obeyed its token: why it was cancelled, the caller knows.</param>
    void OnReturned(JobOutcome? outcome);
}
