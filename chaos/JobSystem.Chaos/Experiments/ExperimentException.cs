namespace JobSystem.Chaos.Experiments;

/// <summary>An experiment's file is wrong; the message says where, what and how it should be.</summary>
public sealed class ExperimentException(string message) : Exception(message);
