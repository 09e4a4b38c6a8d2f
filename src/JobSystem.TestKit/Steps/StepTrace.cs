namespace JobSystem.TestKit;

/// <summary>What a simulation did: a hash of every step, and each step itself for the observer.</summary>
internal sealed class StepTrace(ulong seed, Action<SimulationStep>? onStep)
{
    private readonly Dictionary<Type, ulong> _typeHashes = [];

    internal ulong Hash { get; private set; } = StableHash.Mix(StableHash.Start, seed);

    /// <param name="step">Its number.</param>
    /// <param name="time">Virtual time.</param>
    /// <param name="turn">What ran.</param>
    /// <param name="runnable">Out of how many it was chosen.</param>
    /// <param name="chosen">Its place among them.</param>
    /// <param name="message">The type of the message it handled.</param>
    internal void Record(long step, TimeSpan time, Turn turn, int runnable, int chosen, Type? message)
    {
        ulong hash = StableHash.Mix(Hash, (ulong)time.Ticks);
        hash = StableHash.Mix(hash, ((ulong)runnable << 32) | (uint)chosen);
        Hash = StableHash.Mix(hash, turn.TraceId ^ TypeHash(message));
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
            hash = StableHash.Mix(StableHash.Start, type.FullName ?? type.Name);
            _typeHashes.Add(type, hash);
        }

        return hash;
    }
}
