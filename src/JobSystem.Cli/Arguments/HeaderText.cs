using JobSystem.Terminal.Arguments;

namespace JobSystem.Cli.Arguments;

/// <summary>Headers from the command line: <c>name=value</c>, values are text. Pure.</summary>
internal static class HeaderText
{
    /// <summary>Headers with this prefix are the system's own.</summary>
    private const string Reserved = "x-job-";

    /// <exception cref="UsageException">One is not <c>name=value</c>, comes twice or is the system's own.</exception>
    public static IReadOnlyDictionary<string, object?> Parse(IEnumerable<string> pairs)
    {
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new UsageException($"--header: '{pair}' is not NAME=VALUE.");
            }

            var name = pair[..equals];
            if (name.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase) || name == "traceparent")
            {
                throw new UsageException($"--header: '{name}' belongs to the job system; choose another name.");
            }

            if (!headers.TryAdd(name, pair[(equals + 1)..]))
            {
                throw new UsageException($"--header: '{name}' is given twice.");
            }
        }

        return headers;
    }
}
