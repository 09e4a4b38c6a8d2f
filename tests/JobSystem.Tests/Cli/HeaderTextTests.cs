using JobSystem.Cli.Arguments;
using JobSystem.Terminal.Arguments;
using Xunit;

namespace JobSystem.Tests.Cli;

public sealed class HeaderTextTests
{
    [Fact]
    public void Headers_are_names_and_values_and_a_value_may_be_anything()
    {
        var headers = HeaderText.Parse(["user=42", "formula=a=b", "empty="]);

        Assert.Equal("42", headers["user"]);
        Assert.Equal("a=b", headers["formula"]);
        Assert.Equal("", headers["empty"]);
    }

    [Theory]
    [InlineData("novalue")]
    [InlineData("=value")]
    [InlineData("x-job-epoch=7")]
    [InlineData("X-Job-Attempt=7")]
    [InlineData("traceparent=00-1")]
    public void What_is_no_header_or_belongs_to_the_system_is_refused(string pair) =>
        Assert.Throws<UsageException>(() => HeaderText.Parse([pair]));

    [Fact]
    public void The_same_header_twice_is_refused() =>
        Assert.Throws<UsageException>(() => HeaderText.Parse(["a=1", "a=2"]));
}
