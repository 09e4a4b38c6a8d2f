using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace JobSystem.Tests.Cli;

/// <summary>A log in which a test waits for an event of a name, and reads its text.</summary>
internal sealed class ListeningLog : ILogger
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _events = new(StringComparer.Ordinal);

    /// <summary>Completes with the text of the first event of that name.</summary>
    public Task<string> HeardAsync(string name) => SourceOf(name).Task;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        SourceOf(eventId.Name ?? "").TrySetResult(formatter(state, exception));

    private TaskCompletionSource<string> SourceOf(string name) => _events.GetOrAdd(
        name, static _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
}
