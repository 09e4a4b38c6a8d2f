using JobSystem.Benchmarks.Brokers;

namespace JobSystem.Benchmarks.Recording;

/// <summary>
/// What the parts measure with: the broker (brought up when the first part needs it), a scratch folder, the view.
/// Ends: when disposed of; the broker is left as it was found, and the folder is gone.
/// </summary>
/// <param name="Effort">How much.</param>
/// <param name="Live">The view.</param>
/// <param name="BrokerName">A broker's URI or one of our own; null: the best that runs here.</param>
/// <param name="Cancel">A person wants an end.</param>
internal sealed record Bench(Effort Effort, Live Live, string? BrokerName, CancellationToken Cancel) : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jobs-bench-").FullName;
    private BenchBroker? _broker;
    private int _names;

    /// <summary>The broker, if any part has asked for it.</summary>
    public BenchBroker? UsedBroker => _broker;

    public async Task<BenchBroker> BrokerAsync()
    {
        if (_broker is null)
        {
            Live.Step("a broker is brought up");
            _broker = await BenchBroker.UpAsync(BrokerName, _folder, Cancel);
            Live.Note($"on {_broker.Description}");
        }

        return _broker;
    }

    /// <summary>A path that nothing has, below the scratch folder.</summary>
    public string NewPath(string name) => Path.Combine(_folder, $"{Interlocked.Increment(ref _names)}-{name}");

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            Live.Step("the broker is left as it was found");
            await _broker.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        Live.Clear();
    }
}
