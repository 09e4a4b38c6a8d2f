namespace JobSystem.Sqlite.Storage;

/// <summary>
/// A machine between two boots of it. Processes of one boot can reach each other's sockets; of another boot of the
/// same machine none is left.
/// </summary>
/// <param name="Name">Its host name. Containers have names of their own.</param>
/// <param name="Boot">The running kernel's id, the same in every container on it; empty where there is none.</param>
internal sealed record Machine(string Name, string Boot)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    public static Machine This { get; } = new(
        Environment.MachineName, File.Exists(BootIdFile) ? File.ReadAllText(BootIdFile).Trim() : "");

    /// <summary>Its processes run on the same kernel as those of the other.</summary>
    public bool SharesKernelWith(Machine other) => Boot == other.Boot && (Boot.Length > 0 || Name == other.Name);

    /// <summary>It was the other, before it was restarted.</summary>
    public bool IsFormer(Machine other) => Name == other.Name && Boot != other.Boot;
}
