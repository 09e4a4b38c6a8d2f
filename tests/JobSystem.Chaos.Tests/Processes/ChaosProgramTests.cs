using JobSystem.Chaos.Processes;
using Xunit;

namespace JobSystem.Chaos.Tests.Processes;

public sealed class ChaosProgramTests
{
    [Fact]
    public void The_program_lies_beside_the_library_also_in_the_folder_of_tests()
    {
        var start = ChaosProgram.ToStart("guard", "somewhere");

        Assert.Equal(
            [Path.Combine(AppContext.BaseDirectory, "chaos"), "guard", "somewhere"], start.ArgumentList);
    }

    [Fact]
    public void Without_a_program_of_its_own_the_assembly_is_run()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.File("chaos.dll"), "");

        var arguments = ChaosProgram.ToStartIn(folder.Path, ["guard"]).ArgumentList;

        Assert.Equal("dotnet", Path.GetFileNameWithoutExtension(arguments[0]));
        Assert.Equal("exec", arguments[1]);
        Assert.Contains("--runtimeconfig", arguments); // it has none of its own: then it runs as what it is part of
        Assert.Equal([folder.File("chaos.dll"), "guard"], arguments.TakeLast(2));
    }

    [Fact]
    public void Tests_that_do_not_refer_to_the_program_are_told_so()
    {
        using var folder = new ScratchFolder();

        var missing = Assert.Throws<ProgramException>(() => ChaosProgram.ToStartIn(folder.Path, ["guard"]));

        Assert.Contains("JobSystem.Chaos.Cli", missing.Message, StringComparison.Ordinal);
    }
}
