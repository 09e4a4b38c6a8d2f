using System.Reflection;
using Xunit;

namespace JobSystem.Tests.Tidy;

/// <summary>The analyzer ignores a banned symbol that does not exist: a typing error bans nothing.</summary>
public sealed class BannedSymbolsTests
{
    private static readonly string[] _assemblies = ["Akka", "System.Private.CoreLib"];

    [Fact]
    public void Every_banned_symbol_exists()
    {
        HashSet<string> known = [.. _assemblies.Select(Assembly.Load).SelectMany(DocumentationId.In)];

        Repository.AssertNone("No such symbol.", BannedSymbols().Where(symbol => !known.Contains(symbol)));
    }

    [Fact]
    public void Every_banned_symbol_says_what_to_use_instead() => Repository.AssertNone(
        "SYMBOL;REPLACEMENT.",
        Lines().Where(line => line.Split(';') is not [_, { Length: > 0 }]));

    private static IEnumerable<string> BannedSymbols() => Lines().Select(line => line.Split(';')[0]);

    private static IEnumerable<string> Lines() => File.ReadLines(Path.Combine(Repository.Root, "BannedSymbols.txt"));
}
