namespace JobSystem.Handlers;

/// <summary>A job type bound to the code that runs it, with its settings. Made at start, never changed.</summary>
/// <param name="Type">The job type; null for the raw handler of a queue.</param>
/// <param name="Retry">When a failed run is followed by another.</param>
/// <param name="Timeout">How long a run may take. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: for
/// ever.</param>
/// <param name="Run">Runs the job; its exceptions become outcomes in <see cref="HandlerInvocation"/>.</param>
internal sealed record HandlerBinding(string? Type, RetryPolicy Retry, TimeSpan Timeout, RawJobHandler Run);
