namespace JobSystem.Terminal.Arguments;

/// <summary>The command line, or what it names, is wrong: one line for whoever typed it, without secrets.</summary>
public sealed class UsageException(string message) : Exception(message);
