using System.Text.RegularExpressions;

namespace JobSystem.Terminal.Arguments;

/// <summary>Takes passwords out of text that quotes what the user typed. Pure.</summary>
public static partial class Secrets
{
    /// <summary>
    /// User and password of every URI in the text, and the password of a key, become stars, even where the URI is
    /// malformed.
    /// </summary>
    public static string Hide(string text) =>
        KeyPassword().Replace(UserInfo().Replace(text, "://***@"), "${name}=***");

    [GeneratedRegex(@"(?<name>key[-_]password)=[^&\s,']*", RegexOptions.IgnoreCase)]
    private static partial Regex KeyPassword();

    [GeneratedRegex(@"://\S*@")]
    private static partial Regex UserInfo();
}
