namespace JobSystem.Chaos.Systems;

/// <summary>The broker does not make a queue as unsafe as a control wants it; the text has its words.</summary>
internal sealed class QueueRefusedException(string message, Exception inner) : Exception(message, inner);
