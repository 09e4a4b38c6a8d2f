namespace JobSystem.Cli.Doctor;

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Text">What was found, and the remedy where there is one.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Text);

internal enum Verdict
{
    Good,

    /// <summary>Worth knowing, nothing is wrong.</summary>
    Note,
    Wrong,
}
