using Akka.Actor;

namespace Bank;

internal sealed record Order(int Number, int Amount, int From, int To);

/// <summary>Starts a transfer for each order, all at once, and answers "all done" when none is under way.</summary>
internal sealed class Office(IReadOnlyList<IActorRef> accounts) : UntypedActor, IWithUnboundedStash
{
    private int _underWay;

    public IStash Stash { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Order order:
                _underWay++;
                Context.ActorOf(Props.Create(
                    () => new Transfer(order.Number, order.Amount, accounts[order.From], accounts[order.To])));
                break;
            case Done or Refused:
                _underWay--;
                Stash.UnstashAll();
                break;
            case "all done" when _underWay > 0:
                Stash.Stash();
                break;
            case "all done":
                Sender.Tell("all done");
                break;
        }
    }
}

/// <summary>Stands for an account, and loses a third of the questions and of the answers.</summary>
internal sealed class LossyNetwork(IActorRef account, Random random) : UntypedActor
{
    private readonly Dictionary<int, IActorRef> _askers = [];

    protected override void OnReceive(object message)
    {
        bool lost = random.Next(3) == 0;
        switch (message)
        {
            case Withdraw withdraw:
                _askers[withdraw.Transfer] = Sender;
                break;
            case Deposit deposit:
                _askers[deposit.Transfer] = Sender;
                break;
        }

        if (lost)
        {
            return;
        }

        switch (message)
        {
            case Done done:
                _askers[done.Transfer].Tell(done);
                break;
            case Refused refused:
                _askers[refused.Transfer].Tell(refused);
                break;
            default:
                account.Tell(message);
                break;
        }
    }
}
