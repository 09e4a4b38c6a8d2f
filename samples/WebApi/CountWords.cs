using System.Collections.Concurrent;
using JobSystem;

namespace WebApi;

/// <summary>A job: count the words of a text.</summary>
public sealed record CountWords(string Text);

/// <summary>Runs in the process that serves the requests, or in any other on the same broker.</summary>
public sealed partial class CountWordsHandler(WordCounts counts) : IJobHandler<CountWords>
{
    private static readonly char[] _blanks = [' ', '\t', '\r', '\n'];

    public Task HandleAsync(CountWords job, JobContext context, CancellationToken cancellationToken)
    {
        var words = job.Text.Split(_blanks, StringSplitOptions.RemoveEmptyEntries);
        counts.Set(context.Id.Value, words.Length);
        Counted(context.Logger, words.Length, context.Id);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "Counted {Words} words for job {Job}.")]
    private static partial void Counted(ILogger logger, int words, JobId job);
}

/// <summary>Results by job. In memory, to keep the sample small: a real one keeps them in its database.</summary>
public sealed class WordCounts
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>A job may run twice: the second result takes the place of the first.</summary>
    public void Set(string job, int words) => _counts[job] = words;

    /// <summary>Null: it has not finished yet.</summary>
    public int? Find(string job) => _counts.TryGetValue(job, out var words) ? words : null;
}
