using JobSystem.Sqlite;

namespace JobSystem;

/// <summary>A file as the broker of a job system.</summary>
public static class SqliteExtensions
{
    /// <summary>Keeps the jobs in a file, which several processes of this machine may share.</summary>
    /// <param name="path">For example <c>jobs.db</c>. Made when it is not there.</param>
    public static JobSystemBuilder UseSqlite(this JobSystemBuilder jobs, string path) =>
        jobs.UseSqlite(new SqliteOptions { Path = path });

    /// <summary>Keeps the jobs in the file that the options name.</summary>
    public static JobSystemBuilder UseSqlite(this JobSystemBuilder jobs, SqliteOptions options)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        return jobs.UseTransport(context =>
            new SqliteTransport(options, context.TimeProvider, context.LoggerFactory, context.Random));
    }
}
