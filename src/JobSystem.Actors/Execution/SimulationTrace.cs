namespace JobSystem.Actors;

/// <summary>What a simulation did: a hash of every step, and each step itself for whoever looks on.</summary>
internal sealed class SimulationTrace(ulong seed, Action<SimulationStep>? onStep)
{
    private readonly Dictionary<Type, ulong> _typeHashes = [];

    internal ulong Hash { get; private set; } = Trace.Mix(Trace.Start, seed);

    /// <param name="step">Its number.</param>
    /// <param name="time">Virtual time.</param>
    /// <param name="turn">What ran.</param>
    /// <param name="runnable">Out of how many it was chosen.</param>
    /// <param name="chosen">Its place among them.</param>
    /// <param name="message">The type of message handled.</param>
    internal void Record(long step, TimeSpan time, Turn turn, int runnable, int chosen, Type? message)
    {
        ulong hash = Trace.Mix(Hash, (ulong)time.Ticks ^ ((ulong)chosen << 48));
        Hash = Trace.Mix(hash, turn.TraceId ^ TypeHash(message));
        onStep?.Invoke(new SimulationStep(step, time, runnable, turn.ToString(), message));
    }

    private ulong TypeHash(Type? type)
    {
        if (type is null)
        {
            return 0;
        }

        if (!_typeHashes.TryGetValue(type, out ulong hash))
        {
            hash = Trace.Mix(Trace.Start, type.FullName ?? type.Name);
            _typeHashes.Add(type, hash);
        }

        return hash;
    }
}
