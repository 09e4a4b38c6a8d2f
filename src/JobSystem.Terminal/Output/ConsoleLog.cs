using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace JobSystem.Terminal.Output;

/// <summary>How the log is written.</summary>
/// <param name="Min">Less is not written.</param>
/// <param name="Json">One JSON object per line instead of words.</param>
/// <param name="Colours">With words only.</param>
internal readonly record struct LogStyle(LogLevel Min, bool Json, bool Colours);

/// <summary>
/// The log of this process on standard error. A thread of its own writes it, so a reader that is slow or has stopped
/// reading never holds up an actor.
/// Promises: bounded; when too many lines wait, new ones are dropped and counted, and the count is written.
/// Ends: when disposed of, after the waiting lines were written or two seconds are over.
/// </summary>
public sealed class ConsoleLog : ILoggerFactory
{
    private const int MaxWaiting = 10_000;
    private static readonly TimeSpan _lastWords = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<LogEntry> _waiting = new(MaxWaiting);
    private readonly Repeats _repeats = new();
    private readonly LogStyle _style;
    private readonly LineWriter _target;
    private readonly TimeProvider _clock;
    private readonly Thread _writer;
    private int _dropped;

    internal ConsoleLog(LogStyle style, LineWriter target, TimeProvider clock)
    {
        (_style, _target, _clock) = (style, target, clock);
        _writer = new Thread(WriteWaiting) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("There is one target.");

    public void Dispose()
    {
        _waiting.CompleteAdding();
        _writer.Join(_lastWords);
    }

    private void Add(LogEntry entry)
    {
        try
        {
            if (!_waiting.TryAdd(entry))
            {
                Interlocked.Increment(ref _dropped);
            }
        }
        catch (InvalidOperationException)
        {
            // The log was closed: what comes now has nobody to read it.
        }
    }

    private void WriteWaiting()
    {
        foreach (var entry in _waiting.GetConsumingEnumerable())
        {
            if (_repeats.Pass(entry) is { } wanted)
            {
                Write(wanted);
            }

            if (Interlocked.Exchange(ref _dropped, 0) is var dropped && dropped > 0)
            {
                Write(new LogEntry(entry.Time, LogLevel.Warning, new EventId(0, "LogDropped"),
                    $"{dropped} log lines were dropped: the reader of standard error is too slow.", null, []));
            }
        }
    }

    private void Write(LogEntry entry) =>
        _target.WriteLine(_style.Json ? LogFormat.Json(entry) : LogFormat.Human(entry, _style.Colours));

    private sealed class Logger(ConsoleLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log._style.Min && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Add(new LogEntry(log._clock.GetLocalNow(), logLevel, eventId, formatter(state, exception),
                    exception, state as IReadOnlyList<KeyValuePair<string, object?>> ?? []));
            }
        }
    }
}
