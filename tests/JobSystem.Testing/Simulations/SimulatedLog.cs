using Microsoft.Extensions.Logging;

namespace JobSystem.Testing.Simulations;

/// <summary>What the simulated processes log: kept for the report, and watched for what must never be logged.</summary>
internal sealed class SimulatedLog(TimeProvider clock) : ILoggerFactory, ILogger
{
    /// <summary>"An actor of the job system failed": a defect, whatever the faults were.</summary>
    private const int ActorFailed = 901;

    private const int Kept = 200;

    private readonly Queue<string> _lines = new();
    private readonly List<string> _defects = [];
    private readonly long _began = clock.GetTimestamp();

    public IReadOnlyList<string> Defects => _defects;

    /// <summary>The last of them.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("This is the only log.");

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception).ReplaceLineEndings(" ");
        var at = clock.GetElapsedTime(_began);
        var line = $"{at:hh\\:mm\\:ss\\.fff} {logLevel}: {text[..Math.Min(text.Length, 200)]}";
        _lines.Enqueue(line);
        if (_lines.Count > Kept)
        {
            _lines.Dequeue();
        }

        if (eventId.Id == ActorFailed)
        {
            _defects.Add($"{line} {exception}");
        }
    }
}
