using Akka.Actor;
using Akka.TestKit;
using JobSystem.Actors;
using JobSystem.Processing;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>One connection at a time, its tenants gone before the next, back-off, deadlines, never an end.</summary>
public sealed class ConnectionActorTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private readonly ActorBench _bench;
    private readonly TestProbe _monitor;
    private readonly TestProbe _publisher;
    private readonly List<(TenantActor Actor, IActorRef Ref)> _tenants = [];
    private readonly Ref<ConnectionMessage> _connection;

    public ConnectionActorTests()
        : this(seed: 1)
    {
    }

    private ConnectionActorTests(ulong seed)
    {
        _bench = new ActorBench(opensAtOnce: false, seed);
        (_monitor, _publisher) = (_bench.Probe(), _bench.Probe());
        var tenants = new[] { "one", "two" }.Select(name => new Tenant(name, tenancy => ActorProps.Of(
            () => new TenantActor(_bench.Environment, tenancy, _tenants)))).ToList();
        _connection = _bench.Start(() => new ConnectionActor(
            _bench.Environment, _bench.Broker, _bench.Observation, ActorBench.Ref<MonitorMessage>(_monitor),
            ConnectionRoles.Publish, tenants, ActorBench.Ref<PublisherMessage>(_publisher)));
        _bench.Run();
    }

    /// <summary>They are born in any order.</summary>
    private (TenantActor Actor, IActorRef Ref) Tenant(string name) => _tenants.First(
        tenant => tenant.Ref.Path.Name.StartsWith(name, StringComparison.Ordinal));

    private ScriptedTransport Broker => _bench.Transport;

    [Fact]
    public void A_connection_opens_each_tenant_once_when_it_is_there()
    {
        Assert.Equal("jobs/bench/publish", Broker.Last.Name);
        Assert.Empty(_tenants);
        Broker.Last.Open();
        Assert.Equal(["one-0-1", "two-1-2"], _bench.ChildrenOf(_connection.Actor));
        Assert.All(_tenants, tenant => Assert.Same(Broker.Last, tenant.Actor.Tenancy.Connection));
        Assert.Single(Broker.Connections);
    }

    [Fact]
    public void A_lost_connection_ends_all_tenants_before_the_next_is_opened()
    {
        Broker.Last.Open();
        _bench.Run();
        var old = _tenants.ToList();
        Broker.Last.Lose();
        _bench.Run();
        Assert.All(old, tenant => Assert.True(ActorBench.HasEnded(tenant.Ref)));
        Assert.Single(Broker.Connections);
        Assert.True(Broker.Last.IsDisposed);

        _bench.RunFor(_minute);
        Assert.True(Broker.Connections.Count > 1);
        Broker.Last.Open();
        _bench.Run();
        Assert.Equal(4, _tenants.Count);
    }

    [Fact]
    public void No_connection_is_opened_while_a_tenant_of_the_last_still_lives()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var test = new ConnectionActorTests(seed);
            test.Broker.Last.Open();
            test._bench.Run();
            test.Broker.OnConnecting = () => Assert.All(
                test._tenants, tenant => Assert.True(ActorBench.HasEnded(tenant.Ref), $"seed {seed}"));
            test.Broker.Last.Lose();
            test._connection.Tell(new ConnectionMessage.Connect()); // the back-off may be as short as nothing
            test._bench.Run();
            Assert.Equal(2, test.Broker.Connections.Count);
        }
    }

    [Fact]
    public void Who_waits_is_told_of_a_loss_with_its_reason()
    {
        Broker.Last.Open();
        _bench.Run();
        Broker.Last.Lose("the cable");
        var lost = _bench.Expect<MonitorMessage.ConnectionLost>(_monitor);
        Assert.Equal((ConnectionRoles.Publish, "the cable"), (lost.Role, lost.Failure.Text));
        Assert.Equal("the cable", _bench.Expect<PublisherMessage.ConnectionLost>(_publisher).Failure.Text);
    }

    [Fact]
    public void A_broker_that_does_not_answer_is_given_up_at_the_deadline_and_its_late_connection_is_disposed_of()
    {
        var late = Broker.Last;
        _bench.RunFor(_bench.Broker.Deadline - TimeSpan.FromMilliseconds(1));
        Assert.Single(Broker.Connections);
        _bench.RunFor(ActorBench.Second * 5);
        Assert.True(Broker.Connections.Count > 1);
        late.Open();
        _bench.Run();
        Assert.True(late.IsDisposed);
        Assert.Empty(_tenants);
    }

    [Fact]
    public void A_connection_never_gives_up_and_its_back_off_grows_with_the_outage_up_to_half_a_minute()
    {
        var delays = new List<TimeSpan>();
        for (var attempt = 1; attempt <= 60; attempt++)
        {
            Broker.Last.Refuse(TransportFailureKind.Unreachable, "nobody there");
            delays.Add(_bench.Expect<MonitorMessage.ConnectionLost>(_monitor).RetryIn);
            _bench.Simulation.RunUntil(() => Broker.Connections.Count > attempt);
        }

        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, Backoff.Max));
        Assert.True(delays[0] <= Backoff.Min);
        Assert.Contains(delays, delay => delay > TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_connection_that_is_lost_before_it_serves_a_tenant_backs_off_as_one_that_does_not_open()
    {
        var delays = LoseAgainAndAgain(serving: false);

        Assert.Contains(delays, delay => delay > TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_connection_that_served_a_tenant_is_opened_again_soon()
    {
        var delays = LoseAgainAndAgain(serving: true);

        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, Backoff.Min));
    }

    private List<TimeSpan> LoseAgainAndAgain(bool serving)
    {
        var delays = new List<TimeSpan>();
        for (var attempt = 1; attempt <= 60; attempt++)
        {
            Broker.Last.Open();
            _bench.Run();
            if (serving)
            {
                _tenants[^1].Actor.Tenancy.TellOpened();
            }

            Broker.Last.Lose();
            delays.Add(_bench.Expect<MonitorMessage.ConnectionLost>(_monitor).RetryIn);
            _bench.Simulation.RunUntil(() => Broker.Connections.Count > attempt);
        }

        return delays;
    }

    [Fact]
    public void A_tenant_that_ends_is_opened_anew_alone()
    {
        Broker.Last.Open();
        _bench.Run();
        Tenant("one").Actor.Fail(TransportFailureKind.Cancelled);
        _bench.RunFor(ActorBench.Second);
        Assert.Equal(["one-0-3", "two-1-2"], _bench.ChildrenOf(_connection.Actor));
        Assert.Equal("Cancelled", _bench.Expect<MonitorMessage.ChannelLost>(_monitor).Failure.Text);
        Assert.Single(Broker.Connections);
    }

    [Fact]
    public void A_tenant_that_fails_as_an_actor_is_stopped_and_opened_anew_alone()
    {
        Broker.Last.Open();
        _bench.Run();
        var (failed, other) = (Tenant("one").Ref, Tenant("two").Ref);
        _bench.Fail<TenantActor>(failed);
        Assert.Equal(("one-0-1", "Stop"), (_bench.Failures[0].Actor, _bench.Failures[0].Decision));
        _bench.AssertEnded(failed);
        _bench.RunFor(ActorBench.Second);
        Assert.Equal(["one-0-3", "two-1-2"], _bench.ChildrenOf(_connection.Actor));
        Assert.False(ActorBench.HasEnded(other));
    }

    [Theory]
    [InlineData(TransportFailureKind.Unreachable)]
    [InlineData(TransportFailureKind.Lost)]
    [InlineData(TransportFailureKind.ClosedByOperator)]
    public void A_tenant_that_saw_a_dead_connection_first_costs_the_whole_connection(TransportFailureKind kind)
    {
        Broker.Last.Open();
        _bench.Run();
        Tenant("one").Actor.Fail(kind);
        _bench.Run();
        Assert.All(_tenants, tenant => Assert.True(ActorBench.HasEnded(tenant.Ref)));
        Assert.True(Broker.Last.IsDisposed);
        _bench.Expect<MonitorMessage.ConnectionLost>(_monitor);
    }

    [Fact]
    public void The_news_of_an_earlier_connection_change_nothing()
    {
        var first = Broker.Last;
        first.Open();
        _bench.Run();
        first.Lose();
        _bench.RunFor(ActorBench.Second);
        Broker.Last.Open();
        _bench.Run();
        _bench.Drain<object>(_monitor);
        first.Lose();
        first.Listener.OnBlocked("an alarm of yesterday");
        Tenant("one").Actor.Fail(TransportFailureKind.Lost);
        _bench.ExpectNothing(_monitor);
        Assert.False(Broker.Last.IsDisposed);
    }

    [Fact]
    public void A_connection_that_is_blocked_says_so_until_it_is_not()
    {
        Broker.Last.Open();
        _bench.Run();
        Broker.Last.Listener.OnBlocked("low on memory");
        Assert.Equal("low on memory", _bench.Expect<PublisherMessage.BlockedChanged>(_publisher).Reason);
        Broker.Last.Listener.OnUnblocked();
        Assert.Null(_bench.Expect<PublisherMessage.BlockedChanged>(_publisher).Reason);
    }

    [Fact]
    public void A_connection_that_ends_is_disposed_of_also_when_it_opens_afterwards()
    {
        _bench.System.Stop(_connection.Actor);
        _bench.Run();
        Broker.Last.Open();
        _bench.Run();
        Assert.True(Broker.Last.IsDisposed);
    }

    /// <summary>What lives on a connection, and fails when the test says so.</summary>
    private sealed class TenantActor : TypedActor<object>
    {
        private readonly List<(TenantActor Actor, IActorRef Ref)> _born;

        public TenantActor(
            ActorEnvironment environment, Tenancy tenancy, List<(TenantActor Actor, IActorRef Ref)> born)
            : base(environment) => (Tenancy, _born) = (tenancy, born);

        public Tenancy Tenancy { get; }

        private IActorRef Me { get; set; } = ActorRefs.Nobody;

        public void Fail(TransportFailureKind kind)
        {
            Tenancy.TellFailed(new TransportFailure(kind, $"{kind}"));
            Me.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        }

        protected override void PreStart()
        {
            Me = Context.Self;
            _born.Add((this, Context.Self));
        }

        protected override void Receive(object message)
        {
        }
    }
}
