namespace JobSystem.Transports;

/// <summary>One delivery of a message, settled only on the channel that it came from.</summary>
/// <param name="Job">What was delivered.</param>
/// <param name="Tag">The channel's number for it, from 1, growing.</param>
/// <param name="Redelivered">The broker has delivered this message before.</param>
/// <param name="Losses">
/// How often it was delivered before and came back unsettled, as the broker counts; null where it does not count
/// (classic queues): then <paramref name="Redelivered"/> says all there is.
/// </param>
public sealed record Delivery(Job Job, ulong Tag, bool Redelivered, int? Losses);
