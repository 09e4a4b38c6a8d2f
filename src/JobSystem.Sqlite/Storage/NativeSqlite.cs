using System.Runtime.InteropServices;
using SQLitePCL;

namespace JobSystem.Sqlite.Storage;

/// <summary>What the native library can do and its wrapper does not offer.</summary>
internal static class NativeSqlite
{
    private const int HasMovedQuestion = 20; // SQLITE_FCNTL_HAS_MOVED

    private static readonly byte[] _main = "main\0"u8.ToArray();

    /// <summary>
    /// Compares the open file with what lies at its path. False where the platform cannot tell (Windows, which lets
    /// nobody remove an open file).
    /// </summary>
    public static bool HasMoved(sqlite3 db)
    {
        var answer = 0;
        var code = FileControl(db.DangerousGetHandle(), _main, HasMovedQuestion, ref answer);
        return code == raw.SQLITE_OK && answer != 0;
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(nint db, byte[] database, int question, ref int answer);
}
