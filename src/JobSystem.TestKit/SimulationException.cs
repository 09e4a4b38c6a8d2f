namespace JobSystem.TestKit;

/// <summary>
/// The simulation cannot go on: too many steps, nothing left to run, or something escaped to another thread. Its
/// message names the seed, the step and the virtual time.
/// </summary>
public sealed class SimulationException : Exception
{
    /// <summary>An exception with a message.</summary>
    /// <param name="message">What happened.</param>
    public SimulationException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and its cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public SimulationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
