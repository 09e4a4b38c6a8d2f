namespace JobSystem.Terminal.Brokers;

/// <summary>The broker cannot be reached or refuses access: one line that says which, why, and what to check.</summary>
public sealed class NoBrokerException(string message) : Exception(message);
