namespace JobSystem.Chaos.Mutants;

/// <summary>Every mutant by name.</summary>
internal static class MutantCatalog
{
    public static IReadOnlyList<Mutant> All { get; } = [];

    /// <summary>Null for none.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Mutant? Find(string? name) => name is null
        ? null
        : All.FirstOrDefault(mutant => mutant.Name == name)
            ?? throw new ArgumentException($"There is no mutant '{name}': see chaos mutants.", nameof(name));
}
