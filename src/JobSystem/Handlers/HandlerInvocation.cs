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
    /// <returns>Null when the run obeyed the token: why it was cancelled, the job actor knows.</returns>
    public static async Task<JobOutcome?> RunAsync(
        HandlerBinding binding, JobContext context, Job job, CancellationToken cancel)
    {
        using var activity = Telemetry.StartRun(job, context.Queue);
        try
        {
            await binding.Run(context, cancel);
            return JobOutcome.Succeeded.Instance;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
        catch (JobNotRetryableException hopeless)
        {
            return Failed(activity, hopeless, new JobOutcome.NotRetryable(Describe(hopeless)));
        }
        catch (JobRetryLaterException later)
        {
            return Failed(activity, later, new JobOutcome.Failed(Describe(later), later.Delay));
        }
#pragma warning disable CA1031 // a handler may throw anything; it becomes a value here and nowhere else
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Failed(activity, error, new JobOutcome.Failed(Describe(error)));
        }
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
