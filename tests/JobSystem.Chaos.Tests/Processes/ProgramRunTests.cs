// Programs are run to their end, and not beyond their deadline.
using System.Globalization;
using JobSystem.Chaos.Processes;
using Xunit;

namespace JobSystem.Chaos.Tests.Processes;

public sealed class ProgramRunTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Arguments_pass_as_they_are_and_both_streams_are_kept()
    {
        var run = await RunAsync("sh", "-c", "printf '%s\\n' \"$0\"; echo bad >&2; exit 7", "a  'b' $c");

        Assert.Equal(new ProgramRun(7, "a  'b' $c", "bad"), run);
        Assert.Equal("bad", run.LastWords);
    }

    [Fact]
    public async Task A_program_that_reads_gets_the_end_at_once() =>
        Assert.Equal(0, (await RunAsync("cat")).ExitCode);

    [Fact]
    public async Task At_the_deadline_it_is_ended_with_its_children()
    {
        var pidFile = _folder.File("pid");
        string[] arguments = ["-c", "sleep 300 & echo $! > \"$0\"; wait", pidFile];

        var error = await Assert.ThrowsAsync<ProgramException>(() => ProgramRun.ToEndAsync(
            "sh", arguments, TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None));

        Assert.Contains("1 s", error.Message, StringComparison.Ordinal);
        Assert.Null(ProcessBirth.Of(int.Parse(await File.ReadAllTextAsync(pidFile), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_an_error_in_words()
    {
        var error = await Assert.ThrowsAsync<ProgramException>(() => RunAsync("/nowhere/at/all"));

        Assert.Contains("/nowhere/at/all", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_has_a_session_of_its_own_so_that_a_Ctrl_C_does_not_reach_it()
    {
        var run = await RunAsync("sh", "-c", "echo $$; cut -d' ' -f6 /proc/self/stat");

        var words = run.Output.Split('\n');
        Assert.Equal(words[0], words[1]);
    }

    [Fact]
    public async Task A_flood_of_output_is_bounded()
    {
        var run = await RunAsync("sh", "-c", "head -c 9000000 /dev/zero | tr '\\0' x");

        Assert.Equal(ProgramRun.MaxOutput, run.Output.Length);
    }

    private static Task<ProgramRun> RunAsync(string program, params string[] arguments) => ProgramRun.ToEndAsync(
        program, arguments, TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);
}
