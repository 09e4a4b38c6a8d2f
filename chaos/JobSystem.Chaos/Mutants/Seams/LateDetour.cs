namespace JobSystem.Chaos.Mutants.Seams;

/// <summary>Says at once that a publish is stored, and publishes a while later.</summary>
internal sealed class LateDetour(TimeProvider clock) : PublisherDetour
{
    private static readonly TimeSpan _late = TimeSpan.FromMilliseconds(100);

    public override void Publish(ulong number, Job job, Destination destination)
    {
        Occasion.Had();
        TellConfirmed(number);
        _ = PublishLateAsync(number, job, destination);
    }

    private async Task PublishLateAsync(ulong number, Job job, Destination destination)
    {
        await Task.Delay(_late, clock, CancellationToken.None);
        Send(number, job, destination);
    }
}
