namespace JobSystem.Chaos.Systems;

/// <summary>A worker under test, in a process of its own.</summary>
internal interface ITestedWorker : IAsyncDisposable
{
    /// <summary>Returns when it takes jobs.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Ends in order. Returns whether every job in its hands is accounted for.</summary>
    Task<bool> DrainAsync();
}

/// <summary>A producer under test, in a process of its own.</summary>
internal interface ITestedProducer : IAsyncDisposable
{
    /// <summary>Returns when it may enqueue.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Enqueues one job and returns what is known of it then.</summary>
    Task<EnqueueResult> EnqueueAsync(JobId job, string queue, byte[] body);
}
