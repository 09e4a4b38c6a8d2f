using System.IO.Hashing;
using System.Text;

namespace JobSystem.Chaos.Proxy;

/// <summary>Seeds that follow from a seed and a name, the same in every process. Pure.</summary>
internal static class Seeds
{
    public static int Of(int seed, string name) =>
        unchecked((int)XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(name), seed));
}
