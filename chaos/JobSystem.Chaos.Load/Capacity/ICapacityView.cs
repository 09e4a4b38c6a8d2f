using JobSystem.Chaos.Runs;

namespace JobSystem.Chaos.Load.Capacity;

/// <summary>Is told how a search goes.</summary>
internal interface ICapacityView
{
    /// <summary>A step begins.</summary>
    /// <returns>The view of its run.</returns>
    IRunView Begin(int number, double rate);

    /// <summary>It is over, and judged.</summary>
    void End(CapacityStep step);
}
