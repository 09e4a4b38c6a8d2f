namespace JobSystem.Chaos.Mutants;

/// <summary>Every mutant by name.</summary>
internal static class MutantCatalog
{
    /// <summary>First those of a worker's settling, then of its publishing, of its runs, of its supervision, of a
    /// producer.</summary>
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new AckAtDelivery(), new AckTooFar(), new AckOfANeighbour(), new AckForgotten(), new ReleaseAcked(),
        new DeliverySwallowed(),
        new ChannelsBreak(), new AckOnTheWrongChannel(), new IdsForgotten(), new DeafToClosing(),
        new RetryForgotten(), new RetryStoredLate(TimeProvider.System), new DeadLetterForgotten(), new RetryChanged(),
        new FailureIsSuccess(), new FinishedTwice(),
        new WorkerResumed(), new WorkerStopped(), new ConsumerRestarted(), new ConsumerResumed(), new RunnerResumed(),
        new ConfirmedUnpublished(), new ConfirmedEarly(TimeProvider.System), new AnswerOfANeighbour(),
    ];

    /// <summary>Null for none.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Mutant? Find(string? name) => name is null
        ? null
        : All.FirstOrDefault(mutant => mutant.Name == name)
            ?? throw new ArgumentException($"There is no mutant '{name}': see chaos mutants.", nameof(name));
}
