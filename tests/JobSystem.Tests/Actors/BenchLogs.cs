using Microsoft.Extensions.Logging;

namespace JobSystem.Tests.Actors;

/// <summary>Gives everybody the same log.</summary>
internal sealed class BenchLogs(ILogger log) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => log;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("This is the only log.");

    public void Dispose()
    {
    }
}
