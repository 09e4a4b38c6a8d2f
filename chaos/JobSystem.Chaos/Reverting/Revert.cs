using System.Text.Json.Serialization;

namespace JobSystem.Chaos.Reverting;

/// <summary>
/// Something that undoes a fault, written to the journal before the fault is injected, so that anybody can do it after
/// this process has gone. Each may be done twice, and when there is nothing to undo. A closed set.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(Command), "command")]
[JsonDerivedType(typeof(Signal), "signal")]
public abstract record Revert
{
    private Revert()
    {
    }

    /// <summary>Runs a program.</summary>
    /// <param name="Program">A path, or a name on the PATH.</param>
    /// <param name="Arguments">As they are; no shell.</param>
    /// <param name="Why">For people.</param>
    public sealed record Command(string Program, IReadOnlyList<string> Arguments, string Why) : Revert;

    /// <summary>Signals a process, if it is still the same.</summary>
    /// <param name="Pid">Its id.</param>
    /// <param name="Birth">Its time of birth in clock ticks, as in <c>/proc/PID/stat</c>.</param>
    /// <param name="Number">For example 18, SIGCONT.</param>
    /// <param name="Why">For people.</param>
    public sealed record Signal(int Pid, long Birth, int Number, string Why) : Revert;
}
