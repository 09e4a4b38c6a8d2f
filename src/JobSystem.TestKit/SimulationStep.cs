using System.Globalization;

namespace JobSystem.TestKit;

/// <summary>One step of a simulation: what was chosen out of how many, and when.</summary>
/// <param name="Number">The number of the step; the first is 1.</param>
/// <param name="Time">Virtual time since the beginning.</param>
/// <param name="Runnable">How many could have run, this one included.</param>
/// <param name="Chosen">The path of an actor, or what else ran: a timer, a continuation, work.</param>
/// <param name="Message">
/// The type of the message that an actor handled; null when it handled Akka's own signals only, and for everything
/// but actors.
/// </param>
public readonly record struct SimulationStep(long Number, TimeSpan Time, int Runnable, string Chosen, Type? Message)
{
    /// <summary>One line of a trace: <c>12 00:00:00.2500000 1/3 akka://bank/user/alice Deposit</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Number} {Time:c} 1/{Runnable} {Chosen} {Message?.Name}").TrimEnd();
}
