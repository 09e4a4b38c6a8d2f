using Akka.Actor;

namespace Bank;

/// <summary>
/// Moves an amount from one account to another, and asks each again every second until it answers. Tells its parent
/// <see cref="Done"/> or <see cref="Refused"/> and stops.
/// </summary>
internal sealed class Transfer(int number, int amount, IActorRef from, IActorRef to) : UntypedActor, IWithTimers
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private bool _withdrawn;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("again", "again", Patience);
        Ask();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case "again":
                Ask();
                break;
            case Done when !_withdrawn:
                _withdrawn = true;
                Ask();
                break;
            case Done when Sender.Equals(to):
            case Refused when !_withdrawn:
                Context.Parent.Tell(message);
                Context.Stop(Self);
                break;
        }
    }

    private void Ask()
    {
        if (_withdrawn)
        {
            to.Tell(new Deposit(number, amount));
        }
        else
        {
            from.Tell(new Withdraw(number, amount));
        }
    }
}
