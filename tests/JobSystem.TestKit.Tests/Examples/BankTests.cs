using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using JobSystem.TestKit;
using Xunit;

namespace Bank;

/// <summary>
/// How to test actors of your own in a simulation: real actors, the probes of Akka.TestKit, virtual time, and as many
/// orders of events as you have patience for. Nothing here sleeps, and a failure names the seed that replays it.
/// </summary>
public sealed class BankTests
{
    private readonly Simulation _simulation = new(seed: 1);
    private readonly ActorSystem _system;
    private readonly TestProbe _alice;
    private readonly TestProbe _bob;
    private readonly TestProbe _parent;

    /// <summary>The kit is not disposed of: it would wait for the end of the system in real time.</summary>
    public BankTests()
    {
        _system = _simulation.StartSystem("bank");
        var kit = new TestKit(_system);
        (_alice, _bob, _parent) = (kit.CreateTestProbe("alice"), kit.CreateTestProbe("bob"), kit.CreateTestProbe());
    }

    [Fact]
    public void A_transfer_withdraws_before_it_deposits()
    {
        Begin(amount: 30);
        _simulation.RunUntilIdle(); // a probe never waits: take the steps first, then expect

        _alice.ExpectMsg(new Withdraw(1, 30), TimeSpan.Zero);
        _bob.ExpectNoMsg(TimeSpan.Zero);
        _alice.Reply(new Done(1));
        _simulation.RunUntilIdle();

        _bob.ExpectMsg(new Deposit(1, 30), TimeSpan.Zero);
        _bob.Reply(new Done(1));
        _simulation.RunUntilIdle();

        _parent.ExpectMsg(new Done(1), TimeSpan.Zero);
    }

    [Fact]
    public void An_account_that_does_not_answer_is_asked_again_every_second()
    {
        Begin(amount: 30);
        _simulation.RunFor(TimeSpan.FromHours(1)); // takes no time

        for (int question = 0; question <= 3600; question++)
        {
            _alice.ExpectMsg(new Withdraw(1, 30), TimeSpan.Zero);
        }

        _alice.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Money_is_neither_made_nor_lost_in_any_order_and_whatever_the_network_loses() =>
        SimulationSeeds.ForEach(100, seed => Assert.Equal(300, TotalAfterRandomTransfers(seed, remembers: true)));

    /// <summary>A test that cannot fail proves nothing: here is the defect that it is meant to find.</summary>
    [Fact]
    public void An_account_that_forgets_its_answers_is_found_out_with_the_seed_that_shows_it()
    {
        var failure = Assert.Throws<SimulationException>(() => SimulationSeeds.ForEach(
            100, seed => Assert.Equal(300, TotalAfterRandomTransfers(seed, remembers: false))));

        Assert.Contains("replay: SIMULATION_SEED=", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Three accounts of 100 each, ten transfers, and a network that loses a third of all messages.</summary>
    private static int TotalAfterRandomTransfers(ulong seed, bool remembers)
    {
        var simulation = new Simulation(seed);
        ActorSystem system = simulation.StartSystem("bank");
        Random random = simulation.CreateRandom("transfers");
        List<IActorRef> accounts = [];
        List<IActorRef> lossy = [];
        for (int number = 0; number < 3; number++)
        {
            accounts.Add(system.ActorOf(Props.Create(() => new Account(100, remembers))));
            IActorRef account = accounts[number];
            lossy.Add(system.ActorOf(Props.Create(() => new LossyNetwork(account, simulation.CreateRandom("losses")))));
        }

        IActorRef office = system.ActorOf(Props.Create(() => new Office(lossy)));
        for (int number = 0; number < 10; number++)
        {
            int from = random.Next(3);
            office.Tell(new Order(number, random.Next(80), from, (from + 1 + random.Next(2)) % 3));
        }

        return simulation.Await(async () =>
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromHours(1), simulation.Time);
            await office.Ask("all done", deadline.Token);
            int total = 0;
            foreach (IActorRef account in accounts)
            {
                total += await account.Ask<int>("balance", deadline.Token);
            }

            return total;
        });
    }

    private void Begin(int amount) =>
        _parent.ChildActorOf(Props.Create(() => new Transfer(1, amount, _alice.Ref, _bob.Ref)));
}
