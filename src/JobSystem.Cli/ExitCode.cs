namespace JobSystem.Cli;

/// <summary>What the program's exit codes mean: for every verb the same, and told by <c>--help</c>.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It was tried and did not succeed; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was tried.</summary>
    public const int Usage = 2;

    /// <summary>The broker could not be reached or refused access; nothing was changed.</summary>
    public const int Unreachable = 3;

    /// <summary>A job was sent and not confirmed: it may or may not run.</summary>
    public const int Unknown = 4;

    public const string Explanation =
        "0 done, 1 failed, 2 wrong usage, 3 broker unreachable or access refused, 4 unknown (not confirmed)";
}

/// <summary>What was asked for cannot be done: one line, exit code 1.</summary>
internal sealed class FailedException(string message) : Exception(message);
