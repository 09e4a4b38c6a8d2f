using RabbitMQ.Client;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Wire;

/// <summary>What goes on the wire, and what cannot.</summary>
public sealed class MessageWriterTests
{
    private static readonly Job _job = new() { Id = new JobId("a"), Origin = JobOrigin.Ours };

    [Fact]
    public void Nothing_of_one_job_is_left_for_the_next()
    {
        var writer = AmqpWire.NewWriter();
        writer.Write(_job with
        {
            Type = "t", ContentType = "c", Attempt = 3, Priority = 9,
                EnqueuedAt = DateTimeOffset.UnixEpoch.AddDays(1),
            Checkpoint = new byte[] { 1 }, TraceParent = "t", Timeout = TimeSpan.FromSeconds(1),
                Lineage = "l",
            Headers = new Dictionary<string, object?> { ["amqp.reply_to"] = "r", ["x"] = 1L },
        });

        writer.Write(_job);

        var properties = AmqpWire.Transmit(writer.Properties);
        Assert.Equal(["x-job-epoch"], properties.Headers!.Keys);
        Assert.False(properties.IsTypePresent() || properties.IsContentTypePresent());
        Assert.False(properties.IsReplyToPresent() || properties.IsPriorityPresent());
        Assert.False(properties.IsTimestampPresent());
    }

    [Fact]
    public void A_header_of_a_user_cannot_pass_for_one_of_ours_or_the_brokers()
    {
        var writer = AmqpWire.NewWriter();

        writer.Write(_job with
        {
            Headers = new Dictionary<string, object?>
            {
                ["x-job-attempt"] = 5L, ["x-death"] = "x", ["CC"] = "elsewhere", ["traceparent"] = "x",
                ["x-job-own"] = "mine",
            },
        });

        Assert.Equal(["x-job-deaths", "x-job-epoch", "x-job-own"], writer.Properties.Headers!.Keys.Order());
    }

    [Fact]
    public void What_AMQP_has_no_room_for_is_refused_in_words()
    {
        var writer = AmqpWire.NewWriter();
        var tooLong = new string('ä', 128);

        Assert.Contains("A type", writer.Write(_job with { Type = tooLong }), StringComparison.Ordinal);
        Assert.Contains("content type", writer.Write(_job with { ContentType = tooLong }),
            StringComparison.Ordinal);
        Assert.Contains("header's name", writer.Write(_job with
        {
            Headers = new Dictionary<string, object?> { [tooLong] = 1L },
        }), StringComparison.Ordinal);
        Assert.Null(writer.Write(_job with { Type = new string('a', 255) }));
    }

    [Fact]
    public void A_property_that_has_no_room_any_more_stays_a_header()
    {
        var writer = AmqpWire.NewWriter();
        var tooLong = new string('x', 300);

        writer.Write(_job with { Headers = new Dictionary<string, object?> { ["amqp.reply_to"] = tooLong } });

        Assert.Null(writer.Properties.ReplyTo);
        Assert.Equal(tooLong, writer.Properties.Headers!["amqp.reply_to"]);
    }

    [Fact]
    public void Headers_that_do_not_fit_go_by_size_then_the_checkpoint_then_the_words_of_the_error()
    {
        foreach (var (budget, kept) in new[]
        {
            (9000, "x-job-checkpoint,x-job-failure-error,large,small"),
            (6500, "x-job-checkpoint,x-job-failure-error,small"),
            (4500, "x-job-failure-error"),
            (400, ""),
        })
        {
            var listener = new IgnoredHeaders();
            var writer = AmqpWire.NewWriter(listener, budget);

            var problem = writer.Write(_job with
            {
                Checkpoint = new byte[2000],
                Failure = new JobFailure(FailureReason.TimedOut, new string('e', 4000), 1, "q", "w", default),
                Headers = new Dictionary<string, object?>
                {
                    ["small"] = new string('s', 100), ["large"] = new string('l', 2500),
                },
            });

            Assert.Null(problem);
            Assert.Equal(kept, string.Join(',', new[]
            {
                "x-job-checkpoint", "x-job-failure-error", "large", "small",
            }.Where(writer.Properties.Headers!.ContainsKey)));
            Assert.Equal(4 - kept.Split(',', StringSplitOptions.RemoveEmptyEntries).Length,
                listener.Headers.Count);
            Assert.True(((IAmqpWriteable)writer.Properties).GetRequiredBufferSize() <= budget);
        }
    }

    [Fact]
    public void What_cannot_fit_at_all_is_refused() =>
        Assert.Contains("frame", AmqpWire.NewWriter(maxHeaderBytes: 20).Write(_job with
        {
            Headers = new Dictionary<string, object?> { ["a"] = 1L },
        }), StringComparison.Ordinal);
}
