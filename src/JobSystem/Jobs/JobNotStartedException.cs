namespace JobSystem;

/// <summary>
/// Thrown by a handler that could not begin the job's work because this process or machine has run out of something
/// that others give back: file descriptors, processes, memory. The attempt does not count; the job runs again after
/// <see cref="SettlementRules.NotStartedDelay"/>, here or elsewhere, however often that happens.
/// </summary>
public sealed class JobNotStartedException(string message, Exception? inner = null) : Exception(message, inner);
