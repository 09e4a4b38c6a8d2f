using JobSystem.Cli.Processes;
using Xunit;

namespace JobSystem.Tests.Cli;

public sealed class CommandResultTests
{
    [Fact]
    public void Zero_is_success() => Assert.Null(CommandResult.FailureOf(0, "warnings do not matter"));

    [Fact]
    public void Wrong_data_are_not_tried_again() =>
        Assert.IsType<JobNotRetryableException>(CommandResult.FailureOf(65, ""));

    [Theory]
    [InlineData(1)]
    [InlineData(75)]
    [InlineData(127)]
    [InlineData(137)]
    public void Every_other_code_may_be_tried_again_and_is_named(int exitCode)
    {
        var failure = Assert.IsType<CommandFailedException>(CommandResult.FailureOf(exitCode, "the last words"));

        Assert.Contains($"{exitCode}", failure.Message);
        Assert.Contains("the last words", failure.Message);
        Assert.Equal(failure.Message, failure.ToString());
    }

    [Fact]
    public void A_death_by_signal_names_the_signal() =>
        Assert.Contains("signal 9", CommandResult.FailureOf(137, "")!.Message);
}
