using System.Reflection;
using Akka.Util;

namespace JobSystem.TestKit;

/// <summary>
/// The random numbers that Akka draws itself, by thread: the uids in paths, the jitter of its back-off, its random
/// routers. Akka seeds them from the operating system and offers no way to seed them otherwise.
/// </summary>
internal static class AkkaRandom
{
    private const string FieldName = "_rng";

    private static readonly ThreadLocal<Random> _ofThread = Find();

    /// <summary>Makes these the numbers of this thread until the scope ends.</summary>
    internal static Scope Use(Random random)
    {
        Random before = _ofThread.Value!;
        _ofThread.Value = random;
        return new Scope(before);
    }

    private static ThreadLocal<Random> Find() =>
        typeof(ThreadLocalRandom).GetField(FieldName, BindingFlags.NonPublic | BindingFlags.Static)?.GetValue(null)
            as ThreadLocal<Random>
        ?? throw new MissingFieldException(typeof(ThreadLocalRandom).FullName, FieldName);

    /// <summary>Gives the thread back what it had.</summary>
    internal readonly struct Scope(Random before) : IDisposable
    {
        public void Dispose() => _ofThread.Value = before;
    }
}
