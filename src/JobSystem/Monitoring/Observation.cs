using JobSystem.Actors;
using Microsoft.Extensions.Logging;

namespace JobSystem.Monitoring;

/// <summary>What the tree tells the outside: log, metrics, events. Shared by its actors, never changed.</summary>
internal sealed record Observation(ILogger Log, JobMetrics Metrics, JobEvents Events, ActorFailed Failed);
