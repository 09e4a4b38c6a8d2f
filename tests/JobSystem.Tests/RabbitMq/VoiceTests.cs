using JobSystem.RabbitMq;
using Xunit;

namespace JobSystem.Tests.RabbitMq;

/// <summary>One word at a time, and the last word last.</summary>
public sealed class VoiceTests
{
    private readonly List<string> _heard = [];

    [Fact]
    public void The_last_word_is_told_once_and_nothing_after_it()
    {
        var voice = new Voice<List<string>>(_heard);

        voice.Tell("a", (heard, word) => heard.Add(word));
        Assert.True(voice.End("end", (heard, word) => heard.Add(word)));
        Assert.False(voice.End("again", (heard, word) => heard.Add(word)));
        voice.Tell("b", (heard, word) => heard.Add(word));

        Assert.Equal(["a", "end"], _heard);
    }

    [Fact]
    public void Silenced_it_has_no_last_word()
    {
        var voice = new Voice<List<string>>(_heard);

        voice.Silence();

        Assert.False(voice.End("end", (heard, word) => heard.Add(word)));
        Assert.Empty(_heard);
    }

    [Fact]
    public async Task From_many_threads_it_says_one_thing_at_a_time()
    {
        var voice = new Voice<List<string>>(_heard);
        var inside = 0;
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var word = 0; word < 2000; word++)
            {
                voice.Tell("w", (heard, word) =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    heard.Add(word);
                    Interlocked.Decrement(ref inside);
                });
            }
        })));

        Assert.Equal((1, 16_000), (most, _heard.Count));
    }
}
