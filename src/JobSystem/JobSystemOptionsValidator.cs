namespace JobSystem;

/// <summary>Names every problem of the options at once, each with the value that was given.</summary>
internal static class JobSystemOptionsValidator
{
    /// <summary>The largest prefetch of AMQP.</summary>
    public const int MaxConcurrency = ushort.MaxValue;

    public static IReadOnlyList<string> Problems(JobSystemOptions options)
    {
        var problems = new List<string>();
        Require(!string.IsNullOrWhiteSpace(options.Name), "Name must not be empty.");
        Positive(options.DrainTimeout, nameof(options.DrainTimeout), zeroAllowed: true);
        Positive(options.CancelGrace, nameof(options.CancelGrace), zeroAllowed: true);
        Positive(options.PublishDeadline, nameof(options.PublishDeadline));
        Positive(options.BrokerDeadline, nameof(options.BrokerDeadline));
        Positive(options.ResendWindow, nameof(options.ResendWindow), zeroAllowed: true);
        Positive(options.UnknownTypePatience, nameof(options.UnknownTypePatience), zeroAllowed: true);
        AtLeastOne(options.MaxUnconfirmed, nameof(options.MaxUnconfirmed));
        AtLeastOne(options.MaxRemembered, nameof(options.MaxRemembered));
        AtLeastOne(options.MaxWorkerLosses, nameof(options.MaxWorkerLosses));

        Require(options.Management is null or { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "" },
            "Management must be like http://host:15672, without a user (the broker's is used).");

        foreach (var queue in options.Queues)
        {
            Require(!string.IsNullOrEmpty(queue.Name) && queue.Name.Length <= MaxQueueName,
                $"A queue's name must have 1 to {MaxQueueName} characters, but was '{queue.Name}'.");
            Require(queue.Concurrency is >= 1 and <= MaxConcurrency,
                $"Concurrency of queue '{queue.Name}' must be 1 to {MaxConcurrency}, but was {queue.Concurrency}.");
        }

        foreach (var twice in options.Queues.GroupBy(queue => queue.Name).Where(group => group.Count() > 1))
        {
            problems.Add($"Queue '{twice.Key}' was added {twice.Count()} times; add it once.");
        }

        var largest = options.Queues.Select(queue => queue.Concurrency).DefaultIfEmpty(0).Max();
        Require(options.MaxRemembered >= largest,
            $"MaxRemembered ({options.MaxRemembered}) must be at least the largest Concurrency ({largest}): " +
            "that many jobs can finish while the broker is away.");
        return problems;

        void Require(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }

        void AtLeastOne(int value, string name) => Require(value >= 1, $"{name} must be at least 1, but was {value}.");

        void Positive(TimeSpan value, string name, bool zeroAllowed = false) =>
            Require(value > TimeSpan.Zero || (zeroAllowed && value == TimeSpan.Zero),
                $"{name} must be {(zeroAllowed ? "zero or more" : "more than zero")}, but was {value}.");
    }

    /// <summary>An AMQP name holds 255 bytes; the longest lane suffix is taken off.</summary>
    public const int MaxQueueName = 255 - 9;
}
