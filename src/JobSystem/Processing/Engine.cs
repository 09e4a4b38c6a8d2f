using JobSystem.Handlers;
using JobSystem.Monitoring;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;

namespace JobSystem.Processing;

/// <summary>What every actor of a server is given: settings and the outside world. Never changed.</summary>
internal sealed record Engine(
    JobServerOptions Options, HandlerCatalog Catalog, ITransport Transport, ILoggerFactory Loggers, JobMetrics Metrics,
    JobCodec Codec)
{
    public ILogger Log { get; } = Loggers.CreateLogger("JobSystem");

    public Disposals Disposals { get; } = new(Loggers.CreateLogger("JobSystem"));
}
