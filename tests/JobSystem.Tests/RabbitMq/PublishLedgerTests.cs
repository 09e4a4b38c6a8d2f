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
    private readonly RabbitRoute _route = NewRoute("q");
    private readonly PublishLedger _ledger;

    public PublishLedgerTests() => _ledger = new(answer => Tell(_probe, answer));

    [Fact]
    public void A_number_is_the_tag_of_its_publish()
    {
        Add(1, 2, 3);

        Ack(3, multiple: false);
        Ack(1, multiple: false);
        Nack(2, multiple: false);

        Assert.Equal(["confirmed 3", "confirmed 1", "rejected 2"], _probe.Decisions.All);
    }

    [Fact]
    public void A_number_leads_its_tag_by_the_publishes_before_it_that_were_never_written()
    {
        Add(1);
        _ledger.Reject(2, "too large");
        _ledger.Reject(3, "too large");
        Add(4);
        _ledger.Reject(5, "too large");
        Add(6, 7);

        Ack(4, multiple: false);
        Ack(2, multiple: false);
        Ack(1, multiple: false);
        Ack(3, multiple: false);

        Assert.Equal([7ul, 4ul, 1ul, 6ul], _probe.Confirmed.All);
    }

    [Fact]
    public void An_ack_of_many_confirms_all_up_to_it()
    {
        Add(1, 2, 3, 4);
        Ack(2, multiple: false);

        Ack(3, multiple: true);
        Ack(4, multiple: true);

        Assert.Equal([2ul, 1ul, 3ul, 4ul], _probe.Confirmed.All);
    }

    [Fact]
    public void A_returned_message_is_rejected_before_the_ack_of_it_and_of_its_neighbours()
    {
        Add(1, 2, 3);

        Return("id-2");
        Ack(3, multiple: true);

        var rejected = Assert.Single(_probe.Rejected.All);
        Assert.Equal(2ul, rejected.Number);
        Assert.Contains("312 NO_ROUTE", rejected.Reason, StringComparison.Ordinal);
        Assert.Equal([1ul, 3ul], _probe.Confirmed.All);
        Assert.False(_route.IsReady);
    }

    [Fact]
    public void The_oldest_open_message_with_the_id_on_the_route_is_the_returned_one()
    {
        _ledger.Add(1, "same", NewRoute("elsewhere"));
        _ledger.Add(2, "same", _route);
        _ledger.Add(3, "same", _route);

        Return("same");
        Return("same");
        Return("same");
        Return("another");

        Assert.Equal(["rejected 2", "rejected 3"], _probe.Decisions.All);
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

        Nack(3, multiple: true);

        Assert.Equal([1ul, 3ul], _probe.Rejected.All.Select(each => each.Number));
        Assert.Equal([2ul], _probe.Confirmed.All);
    }

    [Fact]
    public void Answers_about_nothing_tell_nothing()
    {
        Ack(1, multiple: true);
        Nack(7, multiple: true);
        Add(1);
        Ack(1, multiple: false);

        Ack(1, multiple: false);
        Ack(1, multiple: true);
        Nack(1, multiple: true);
        Return("id-1");

        Assert.Equal(["confirmed 1"], _probe.Decisions.All);
    }

    [Fact]
    public void In_any_order_each_publish_is_answered_once()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var run = new RandomRun(seed);
            run.Play(steps: 500);
            run.Verify();
        }
    }

    private static void Tell(IPublisherListener listener, PublishAnswer answer)
    {
        if (answer.Rejection is { } reason)
        {
            listener.OnRejected(answer.Number, reason);
        }
        else
        {
            listener.OnConfirmed(answer.Number, answer.Multiple);
        }
    }

    private static RabbitRoute NewRoute(string key) => new(key, null) { IsReady = true };

    private void Add(params ulong[] numbers)
    {
        foreach (var number in numbers)
        {
            _ledger.Add(number, $"id-{number}", _route);
        }
    }

    private void Ack(ulong tag, bool multiple) =>
        _ledger.OnAckAsync(this, new BasicAckEventArgs(tag, multiple));

    private void Nack(ulong tag, bool multiple) =>
        _ledger.OnNackAsync(this, new BasicNackEventArgs(tag, multiple, requeue: false));

    private void Return(string id)
    {
        var properties = new ReadOnlyBasicProperties(
            Wire.AmqpWire.Bytes(new BasicProperties { MessageId = id }));
        _ledger.OnReturnAsync(this, new BasicReturnEventArgs(312, "NO_ROUTE", "", "q", properties, default));
    }

    /// <summary>Publishes, refusals and answers in an order of a seed, against a model that keeps a map.</summary>
    private sealed class RandomRun
    {
        private readonly Random _random;
        private readonly ProbePublisher _probe = new();
        private readonly PublishLedger _ledger;
        private readonly SortedDictionary<ulong, ulong> _open = [];
        private readonly List<string> _expected = [];
        private ulong _tag;
        private ulong _number;

        public RandomRun(int seed) => (_random, _ledger) =
            (new Random(seed), new(answer => Tell(_probe, answer)));

        public void Play(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                switch (_random.Next(8))
                {
                    case < 4:
                        _open[++_tag] = ++_number;
                        _ledger.Add(_number, $"{_number}", NewRoute("q"));
                        break;
                    case 4:
                        _ledger.Reject(++_number, "too large");
                        _expected.Add($"rejected {_number}");
                        break;
                    default:
                        Answer(isAck: _random.Next(3) > 0, multiple: _random.Next(4) == 0);
                        break;
                }
            }
        }

        public void Verify() => Assert.Equal(_expected, _probe.Decisions.All);

        private void Answer(bool isAck, bool multiple)
        {
            if (_open.Count == 0)
            {
                return;
            }

            var target = _open.Keys.ElementAt(_random.Next(_open.Count));
            foreach (var tag in _open.Keys.Where(tag => multiple ? tag <= target : tag == target).ToList())
            {
                _open.Remove(tag, out var number);
                _expected.Add($"{(isAck ? "confirmed" : "rejected")} {number}");
            }

            _ = isAck
                ? _ledger.OnAckAsync(this, new BasicAckEventArgs(target, multiple))
                : _ledger.OnNackAsync(this, new BasicNackEventArgs(target, multiple, requeue: false));
        }
    }
}
