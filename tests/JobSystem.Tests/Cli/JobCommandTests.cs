using System.Runtime.Versioning;
using JobSystem.Cli.Processes;
using JobSystem.Terminal.Arguments;
using Xunit;

namespace JobSystem.Tests.Cli;

[UnsupportedOSPlatform("windows")]
public sealed class JobCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobs-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_name_is_looked_for_in_the_path_and_what_may_not_run_is_passed_over()
    {
        var (first, second) = (_folder.CreateSubdirectory("1"), _folder.CreateSubdirectory("2"));
        Make(first, "tool", executable: false);
        var tool = Make(second, "tool", executable: true);

        var command = JobCommand.Find(["tool", "-x", "y"], $"{first.FullName}:{second.FullName}");

        Assert.Equal(tool, command.Program);
        Assert.Equal(["-x", "y"], command.Arguments);
    }

    [Fact]
    public void What_cannot_be_run_is_refused_with_the_reason()
    {
        var text = Make(_folder, "text", executable: false);

        Assert.Contains("in PATH", Refusal("no-such-command"));
        Assert.Contains("There is no", Refusal("/no/such/command"));
        Assert.Contains("not executable", Refusal(text));
        Assert.Contains("folder", Refusal(_folder.FullName));
        Assert.Contains("empty", Refusal(""));
    }

    private string Refusal(string name) =>
        Assert.Throws<UsageException>(() => JobCommand.Find([name], _folder.FullName)).Message;

    private static string Make(DirectoryInfo folder, string name, bool executable)
    {
        var file = Path.Combine(folder.FullName, name);
        File.WriteAllText(file, "#!/bin/sh\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | (executable ? UnixFileMode.UserExecute : 0));
        return file;
    }
}
