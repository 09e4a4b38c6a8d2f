using System.Text;
using JobSystem.Terminal.Arguments;
using Xunit;

namespace JobSystem.Tests.Terminal;

public sealed class RawArgumentsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("caf\u00e9 \ud83d\ude00 \udbff\udcff")]
    public void Text_stays_as_it_is(string text)
    {
        var words = RawArguments.Restore([text], Encoding.UTF8.GetBytes($"jobs\0{text}\0"));

        Assert.Equal([text], words);
        Assert.False(RawArguments.AreBytes(text));
        Assert.Equal(Encoding.UTF8.GetBytes(text), RawArguments.ToBytes(text));
    }

    [Theory]
    [InlineData("caf\u00e9.txt")]
    [InlineData("\u00ff")]
    [InlineData("a\u00c3")]
    [InlineData("\u00f0\u009f\u0098 \u00ed\u00b3\u00a9 \u00c3\u00a9")]
    public void What_is_no_text_comes_back_byte_for_byte(string latin)
    {
        var bytes = Encoding.Latin1.GetBytes(latin);

        var word = Assert.Single(
            RawArguments.Restore([Encoding.UTF8.GetString(bytes)], [.. "jobs\0"u8, .. bytes, 0]));

        Assert.True(RawArguments.AreBytes(word));
        Assert.Equal(bytes, RawArguments.ToBytes(word));
    }

    [Fact]
    public void The_words_before_the_arguments_are_the_programs() => Assert.Equal(
        ["a", "", "b"], RawArguments.Restore(["a", "", "b"], "dotnet\0jobs.dll\0a\0\0b\0"u8));

    [Fact]
    public void An_empty_argument_at_the_end_is_one() => Assert.Equal(
        ["a", ""], RawArguments.Restore(["a", ""], "jobs\0a\0\0"u8));
}
