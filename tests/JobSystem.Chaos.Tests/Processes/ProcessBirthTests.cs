// Times of birth out of /proc.
using JobSystem.Chaos.Processes;
using Xunit;

namespace JobSystem.Chaos.Tests.Processes;

public sealed class ProcessBirthTests
{
    private const string Rest =
        " 1 4711 4711 0 -1 4194304 102 0 0 0 0 0 0 0 20 0 1 0 987654 5832704 230 18446744073709551615 1 1 0 0 0 0";

    [Theory]
    [InlineData("(sleep) S", 987654L)]
    [InlineData("(a ) b) (c) R", 987654L)]
    [InlineData("(sleep) Z", null)]
    public void The_time_is_read_whatever_the_program_is_called(string named, long? birth) =>
        Assert.Equal(birth, ProcessBirth.In($"4711 {named}{Rest}\n"));

    [Theory]
    [InlineData("")]
    [InlineData("4711 (sleep) S 1")]
    public void Half_a_line_has_no_time(string stat) => Assert.Null(ProcessBirth.In(stat));

    [Fact]
    public void This_process_lives_and_that_of_an_impossible_id_does_not()
    {
        Assert.True(ProcessBirth.Of(Environment.ProcessId) > 0);
        Assert.Null(ProcessBirth.Of(int.MaxValue));
    }
}
