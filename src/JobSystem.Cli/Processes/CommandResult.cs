namespace JobSystem.Cli.Processes;

/// <summary>What a command's exit code means for its job. Pure.</summary>
internal static class CommandResult
{
    /// <summary>EX_DATAERR of sysexits.h: the data are wrong, no further attempt can help.</summary>
    public const int DataError = 65;

    /// <summary>As shells report what could not be started.</summary>
    private const int NotExecutable = 126;
    private const int NotFound = 127;
    private const int KilledBySignal = 128;

    /// <param name="exitCode">Of the command.</param>
    /// <param name="lastWords">The end of its standard error.</param>
    /// <returns>Null: the job has succeeded.</returns>
    public static Exception? FailureOf(int exitCode, string lastWords)
    {
        if (exitCode == 0)
        {
            return null;
        }

        var words = lastWords.Length == 0 ? Describe(exitCode) : $"{Describe(exitCode)} {lastWords}";
        return exitCode == DataError ? new JobNotRetryableException(words) : new CommandFailedException(words);
    }

    private static string Describe(int exitCode) => exitCode switch
    {
        DataError => "The command says that the data are wrong (exit code 65).",
        75 => "The command asks to try later (exit code 75).",
        NotExecutable => "The command cannot be executed (exit code 126).",
        NotFound => "The command was not found (exit code 127).",
        > KilledBySignal and <= KilledBySignal + 64 =>
            $"The command ended with exit code {exitCode} (as if by signal {exitCode - KilledBySignal}).",
        _ => $"The command ended with exit code {exitCode}.",
    };
}

/// <summary>A command failed; another attempt may help. Its text is all that is worth keeping.</summary>
internal sealed class CommandFailedException(string message) : Exception(message)
{
    public override string ToString() => Message;
}
