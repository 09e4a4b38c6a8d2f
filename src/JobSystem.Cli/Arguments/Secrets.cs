using System.Text.RegularExpressions;

namespace JobSystem.Cli.Arguments;

/// <summary>Takes passwords out of text that quotes what the user typed. Pure.</summary>
internal static partial class Secrets
{
    /// <summary>User and password of every URI in the text become stars, even where the URI is malformed.</summary>
    public static string Hide(string text) => UserInfo().Replace(text, "://***@");

    [GeneratedRegex(@"://\S*@")]
    private static partial Regex UserInfo();
}
