using JobSystem.RabbitMq;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Xunit;

namespace JobSystem.Tests.RabbitMq;

/// <summary>What the publisher is told of the broker's acks, nacks and returns.</summary>
public sealed class PublishLedgerTests
{
    private readonly ProbePublisher _probe = new();
    private readonly RabbitRoute _route = NewRoute();
    private readonly PublishLedger _ledger;

    public PublishLedgerTests() => _ledger = new(new(_probe));

    [Fact]
    public void An_ack_of_many_confirms_all_up_to_it_by_the_owners_numbers()
    {
        Add(3, 5, 8);

        Ack(2, multiple: true);

        Assert.Equal([1ul, 2ul, 3ul, 4ul, 5ul], _probe.Confirmed.All);
    }

    [Fact]
    public void A_returned_message_is_rejected_before_the_ack_of_it_and_of_its_neighbours()
    {
        Add(1, 2, 3);

        var route = Return("id-2");
        Ack(3, multiple: true);

        Assert.Equal((2ul, true), (Assert.Single(_probe.Rejected.All).Number,
            _probe.Rejected.All[0].Reason.Contains("312 NO_ROUTE", StringComparison.Ordinal)));
        Assert.Equal([1ul, 3ul], _probe.Confirmed.All);
        Assert.False(route.IsReady);
    }

    [Fact]
    public void The_single_ack_of_a_returned_message_tells_nothing()
    {
        Add(1, 2);

        Return("id-1");
        Ack(1, multiple: false);
        Ack(2, multiple: false);

        Assert.Equal(["rejected 1", "confirmed 2"], _probe.Decisions.All);
    }

    [Fact]
    public void A_nack_of_many_rejects_each_that_is_open()
    {
        Add(1, 2, 3, 4);
        Ack(2, multiple: false);

        _ledger.OnNackAsync(this, new BasicNackEventArgs(3, multiple: true, requeue: false));

        Assert.Equal([1ul, 3ul], _probe.Rejected.All.Select(each => each.Number));
        Assert.Equal([2ul], _probe.Confirmed.All);
    }

    [Fact]
    public void After_the_last_word_nothing_is_told()
    {
        var voice = new Voice<IPublisherListener>(_probe);
        var ledger = new PublishLedger(voice);
        ledger.Add(1, "id-1", NewRoute());
        voice.Silence();

        ledger.OnAckAsync(this, new BasicAckEventArgs(1, multiple: false));
        ledger.Reject(2, "too late");

        Assert.Empty(_probe.Decisions.All);
    }

    private static RabbitRoute NewRoute() => new("", "q", null) { IsReady = true };

    private void Add(params ulong[] numbers)
    {
        foreach (var number in numbers)
        {
            _ledger.Add(number, $"id-{number}", _route);
        }
    }

    private void Ack(ulong tag, bool multiple) =>
        _ledger.OnAckAsync(this, new BasicAckEventArgs(tag, multiple));

    private RabbitRoute Return(string id)
    {
        var properties = new ReadOnlyBasicProperties(
            Wire.AmqpWire.Bytes(new BasicProperties { MessageId = id }));
        _ledger.OnReturnAsync(this, new BasicReturnEventArgs(312, "NO_ROUTE", "", "q", properties, default));
        return _route;
    }
}
