namespace JobSystem.Chaos.Mutants.Seams;

/// <summary>Says at once that a publish is stored, and publishes a while later.</summary>
/// <param name="clock">For the while.</param>
/// <param name="told">Called before the engine is told.</param>
/// <param name="published">Called when it is true at last.</param>
internal sealed class LateDetour(TimeProvider clock, Action<JobId> told, Action<JobId> published) : PublisherDetour
{
    private static readonly TimeSpan _late = TimeSpan.FromMilliseconds(100);

    public override void Publish(ulong number, Job job, Destination destination)
    {
        told(job.Id);
        TellConfirmed(number);
        _ = PublishLateAsync(number, job, destination);
    }

    private async Task PublishLateAsync(ulong number, Job job, Destination destination)
    {
        await Task.Delay(_late, clock, CancellationToken.None);
        published(job.Id);
        Send(number, job, destination);
    }
}
