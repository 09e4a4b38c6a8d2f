using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using Xunit;

namespace JobSystem.Tests.Terminal;

public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("amqp://user:secret@host:5673/vhost")]
    [InlineData("amqps://user:secret@host")]
    [InlineData("AMQP://user:secret@host1,host2:5673")]
    public void A_rabbit_is_shown_without_its_password(string uri)
    {
        var address = Assert.IsType<BrokerAddress.Rabbit>(BrokerAddress.Parse(uri));

        Assert.DoesNotContain("secret", $"{address}");
        Assert.Equal("secret", address.Options.Password);
    }

    [Theory]
    [InlineData("http://user:secret@host")]
    [InlineData("amqp://user:secret@host:port")]
    [InlineData("amqp://user:secret@h@st:1/a/b")]
    [InlineData("sqlite:")]
    [InlineData("sqlite")]
    [InlineData("amqp")]
    [InlineData("nonsense")]
    public void What_is_no_broker_is_refused_in_one_line_without_secrets(string uri)
    {
        var refused = Assert.Throws<UsageException>(() => BrokerAddress.Parse(uri));

        Assert.DoesNotContain("secret", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void The_option_wins_over_the_variable_and_without_both_it_is_a_file_here()
    {
        Assert.IsType<BrokerAddress.Memory>(BrokerAddress.Choose("memory:", "amqp://host"));
        Assert.IsType<BrokerAddress.Rabbit>(BrokerAddress.Choose(null, "amqp://host"));
        Assert.Equal(new BrokerAddress.File("jobs.db"), BrokerAddress.Choose(null, ""));
    }

    [Theory]
    [InlineData("Unrecognized 'amqp://user:secret@host:5672/v' here", "Unrecognized 'amqp://***@host:5672/v' here")]
    [InlineData("amqp://user:sec/ret@host", "amqp://***@host")]
    [InlineData("amqp://user:s@cret@host", "amqp://***@host")]
    [InlineData("amqp://host", "amqp://host")]
    public void Text_that_quotes_the_command_line_loses_its_secrets(string text, string hidden) =>
        Assert.Equal(hidden, Secrets.Hide(text));
}
