using System.Text;
using Xunit;

namespace JobSystem.Tests.Jobs;

/// <summary>What a job may be called, and what we call it when nobody says.</summary>
public sealed class JobIdTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(0x0123456789AB);

    [Fact]
    public void A_new_id_is_a_version_7_uuid_that_begins_with_its_time()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var id = JobId.New(_now, new Random(seed)).Value;

            Assert.StartsWith("01234567-89ab-7", id, StringComparison.Ordinal);
            Assert.Contains(id[19], "89ab");
            Assert.True(Guid.TryParseExact(id, "D", out _));
        }
    }

    [Fact]
    public void Ids_made_later_sort_later()
    {
        var random = new Random(1);

        var ids = Enumerable.Range(0, 1000).Select(ms => JobId.New(_now.AddMilliseconds(ms), random).Value).ToList();

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void Ids_of_one_moment_differ()
    {
        var random = new Random(1);

        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(_ => JobId.New(_now, random)).Distinct().Count());
    }

    [Fact]
    public void The_same_seed_gives_the_same_ids() =>
        Assert.Equal(JobId.New(_now, new Random(5)), JobId.New(_now, new Random(5)));

    [Theory]
    [InlineData("a")]
    [InlineData("order 4711 / ümläut € 😀")]
    public void Any_text_without_control_characters_is_an_id(string text)
    {
        Assert.Equal(text, new JobId(text).Value);
        Assert.Equal(text, new JobId(text).ToString());
        Assert.True(JobId.TryParse(text, out var id));
        Assert.Equal(new JobId(text), id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("line\nbreak")]
    [InlineData("nul\0")]
    [InlineData("\u007f")]
    public void Other_text_is_none(string? text)
    {
        Assert.Throws<ArgumentException>(() => new JobId(text!));
        Assert.False(JobId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_none()
    {
        string[] halves = ["a\ud83d", "\ud83da", "\ude00", "\ude00\ud83d", "😀\ud83d"];

        Assert.All(halves, text => Assert.False(JobId.TryParse(text, out _)));
    }

    [Fact]
    public void The_limit_is_255_bytes_of_utf_8()
    {
        Assert.True(JobId.TryParse(new string('x', 255), out _));
        Assert.False(JobId.TryParse(new string('x', 256), out _));
        var euros = new string('€', 85);
        Assert.Equal(255, Encoding.UTF8.GetByteCount(euros));
        Assert.True(JobId.TryParse(euros, out _));
        Assert.False(JobId.TryParse(euros + "x", out _));
    }

    [Fact]
    public void An_id_that_was_never_set_says_so()
    {
        Assert.Throws<InvalidOperationException>(() => default(JobId).Value);
        Assert.Equal("", default(JobId).ToString());
    }
}
