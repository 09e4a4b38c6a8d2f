using System.Text;
using JobSystem.RabbitMq.Wire;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Wire;

public sealed class Amqp10BodyTests
{
    [Theory]
    [InlineData("005377a10568656c6c6f", "hello", "text/plain")]
    [InlineData("005377b10000000568656c6c6f", "hello", "text/plain")]
    [InlineData("005377a00568656c6c6f", "hello", "application/octet-stream")]
    [InlineData("005377b00000000568656c6c6f", "hello", "application/octet-stream")]
    [InlineData("00537740", "", null)]
    public void A_text_or_binary_value_of_an_amqp_1_0_sender_is_decoded(string hex, string payload, string? contentType)
    {
        var decoded = Amqp10Body.Decode(Convert.FromHexString(hex));

        Assert.Null(decoded.Problem);
        Assert.Equal(payload, Encoding.UTF8.GetString(decoded.Body.Span));
        Assert.Equal(contentType, decoded.ContentType);
    }

    [Theory]
    [InlineData("005377c10100", "a map")]
    [InlineData("005377d10000000400000000", "a map")]
    [InlineData("00537745", "a list")]
    [InlineData("0053775407", "0x54")]
    [InlineData("005377a105686", "no single value")]
    [InlineData("005377a10568", "more than one")]
    [InlineData("005377b100", "cut off")]
    [InlineData("0053750000", "no single value")]
    [InlineData("", "no single value")]
    public void Any_other_body_of_an_amqp_1_0_sender_is_refused_with_the_reason(string hex, string reason)
    {
        var bytes = hex.Length % 2 == 0 ? Convert.FromHexString(hex) : [];
        var decoded = Amqp10Body.Decode(bytes);

        Assert.Contains(reason, decoded.Problem, StringComparison.Ordinal);
        Assert.Equal(bytes, decoded.Body.ToArray());
    }
}
