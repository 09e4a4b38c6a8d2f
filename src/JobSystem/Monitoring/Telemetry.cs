using System.Diagnostics;

namespace JobSystem.Monitoring;

/// <summary>
/// Traces: the source <c>JobSystem</c>. An enqueue is a producer span, each run a consumer span of its trace.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "JobSystem";

    private static readonly ActivitySource _source = new(Name);

    internal static bool IsListenedTo => _source.HasListeners();

    internal static Activity? StartEnqueue(JobId id, string? type, string queue) => IsListenedTo
        ? Tag(_source.StartActivity($"enqueue {queue}", ActivityKind.Producer), id, type, queue)
        : null;

    internal static Activity? StartRun(Job job, string queue)
    {
        if (!IsListenedTo)
        {
            return null;
        }

        var hasParent = ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var parent);
        var activity = _source.StartActivity(
            $"run {job.Type ?? queue}", ActivityKind.Consumer, hasParent ? parent : default);
        activity?.SetTag("job.attempt", job.Attempt);
        return Tag(activity, job.Id, job.Type, queue);
    }

    private static Activity? Tag(Activity? activity, JobId id, string? type, string queue)
    {
        activity?.SetTag("job.id", id.Value);
        activity?.SetTag("job.type", type);
        activity?.SetTag("job.queue", queue);
        return activity;
    }
}
