using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Processing;
using Xunit;

namespace JobSystem.Tests.Processing;

/// <summary>Each publish is answered once, and with the truth.</summary>
public sealed class OutboxTests
{
    private readonly Outbox _outbox = new(window: 100);
    private readonly Dictionary<string, List<EnqueueResult>> _answers = [];
    private ulong _number;

    [Fact]
    public void A_nack_of_the_first_send_is_a_rejection()
    {
        Add("a");
        SendAll();

        _outbox.Reject(1, "full");

        Assert.IsType<EnqueueResult.Rejected>(AnswerTo("a"));
    }

    [Fact]
    public void A_nack_of_a_second_send_is_unknown_because_the_first_may_have_been_stored()
    {
        Add("a");
        SendAll();
        Lose(wasRefused: false);
        SendAll();

        _outbox.Reject(1, "full");

        Assert.IsType<EnqueueResult.Unknown>(AnswerTo("a"));
    }

    [Fact]
    public void What_breaks_its_channel_alone_is_rejected_and_its_neighbours_go_on()
    {
        Add("good");
        Add("bad");
        SendAll();
        Refuse();
        Assert.Empty(_answers);

        SendOne();
        _outbox.Confirm(1, multiple: false);
        SendOne();
        Refuse();

        Assert.IsType<EnqueueResult.Confirmed>(AnswerTo("good"));
        Assert.IsType<EnqueueResult.Rejected>(AnswerTo("bad"));
        Assert.True(_outbox.IsEmpty);
    }

    [Fact]
    public void What_was_lost_before_is_unknown_though_it_breaks_its_channel_now()
    {
        Add("a");
        SendAll();
        Lose(wasRefused: false);
        SendAll();

        Refuse();

        Assert.IsType<EnqueueResult.Unknown>(AnswerTo("a"));
    }

    [Fact]
    public void What_was_on_its_way_goes_again_first_and_in_its_order()
    {
        Add("a");
        Add("b");
        SendAll();
        Add("c");

        Lose(wasRefused: false);

        Assert.Equal(["a", "b", "c"], SendAll());
    }

    [Fact]
    public void A_confirm_for_many_answers_each_once()
    {
        Add("a");
        Add("b");
        Add("c");
        SendAll();

        _outbox.Confirm(2, multiple: true);
        _outbox.Confirm(2, multiple: true);

        Assert.IsType<EnqueueResult.Confirmed>(AnswerTo("a"));
        Assert.IsType<EnqueueResult.Confirmed>(AnswerTo("b"));
        Assert.DoesNotContain("c", _answers.Keys);
    }

    [Fact]
    public void What_was_never_sent_is_rejected_at_its_deadline_and_what_was_is_unknown()
    {
        Add("sent");
        SendAll();
        Add("waiting");

        foreach (var entry in _outbox.TakeAll())
        {
            entry.Expire("no broker");
        }

        Assert.IsType<EnqueueResult.Unknown>(AnswerTo("sent"));
        Assert.IsType<EnqueueResult.Rejected>(AnswerTo("waiting"));
    }

    [Fact]
    public void What_is_enqueued_beyond_the_window_waits_its_turn_and_its_deadline_counts_from_then()
    {
        var outbox = new Outbox(window: 2);
        Add(outbox, "a");
        Add(outbox, "b");
        var third = Add(outbox, "c");
        outbox.Admit(now: 5);
        Assert.False(third.IsAdmitted);
        Assert.Equal(2, outbox.Take(static _ => true).Count);

        outbox.Admit(now: 7);

        Assert.True(third.IsAdmitted);
        Assert.Equal(7, third.AdmittedAt);
        Assert.Same(third, outbox.NextToSend());
    }

    [Fact]
    public void A_successor_of_a_run_does_not_wait_behind_clients()
    {
        var outbox = new Outbox(window: 1);
        Add(outbox, "client");
        Add(outbox, "queued");

        var successor = Add(outbox, "successor", run: 3);

        Assert.True(successor.IsAdmitted);
        Assert.Equal(["client", "successor", "queued"], outbox.TakeAll().Select(entry => entry.Job.Id.Value));
        Assert.True(outbox.IsEmpty);
    }

    private EnqueueResult AnswerTo(string id) => Assert.Single(_answers[id]);

    private void Add(string id) => Add(_outbox, id);

    private OutboxEntry Add(Outbox outbox, string id, long run = 0, long now = 0)
    {
        var entry = new OutboxEntry(new PublisherMessage.Publish(
            new Job { Id = new JobId(id) }, new Destination("q"), TimeSpan.FromSeconds(30),
            new Ref<PublishAnswered>(new Asker(this)), run));
        outbox.Add(entry, now);
        return entry;
    }

    /// <summary>A ref that writes down what it is told.</summary>
    private sealed class Asker(OutboxTests test) : MinimalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "test"));

        public override IActorRefProvider Provider => throw new NotSupportedException();

        protected override void TellInternal(object message, IActorRef sender) =>
            test.Note(((PublishAnswered)message).Result);
    }

    private void Note(EnqueueResult result)
    {
        if (!_answers.TryGetValue(result.Id.Value, out var all))
        {
            _answers.Add(result.Id.Value, all = []);
        }

        all.Add(result);
    }

    private List<string> SendAll()
    {
        var sent = new List<string>();
        while (SendOne() is { } id)
        {
            sent.Add(id);
        }

        return sent;
    }

    private string? SendOne()
    {
        if (_outbox.NextToSend() is not { } entry)
        {
            return null;
        }

        _outbox.Sent(entry, ++_number, now: 0);
        return entry.Job.Id.Value;
    }

    private void Refuse()
    {
        _outbox.BlameChannelFailure("refused");
        Lose(wasRefused: true);
    }

    private void Lose(bool wasRefused)
    {
        _outbox.TakeBackSent(wasRefused);
        _number = 0;
    }
}
