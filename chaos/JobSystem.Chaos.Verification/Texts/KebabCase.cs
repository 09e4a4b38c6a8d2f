using System.Text;

namespace JobSystem.Chaos.Verification.Texts;

/// <summary>How names of the code are written in files: <c>WorkerLost</c> as <c>worker-lost</c>. Pure.</summary>
internal static class KebabCase
{
    public static string Of(string name)
    {
        var text = new StringBuilder();
        foreach (var each in name)
        {
            if (char.IsUpper(each) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(each));
        }

        return text.ToString();
    }
}
