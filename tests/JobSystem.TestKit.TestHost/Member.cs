using Akka.Actor;

namespace JobSystem.TestKit.TestHost;

/// <summary>Does something drawn from its random numbers for each message, and so keeps the colony busy.</summary>
internal sealed class Member(Colony colony) : UntypedActor, IWithTimers, IWithUnboundedStash
{
    private readonly Random _random = colony.Simulation.CreateRandom(Context.Self.Path.ToString());

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(News));
        Timers.StartPeriodicTimer("beat", "beat", Soon(), TimeSpan.FromMilliseconds(500));
    }

    protected override void OnReceive(object message)
    {
        colony.Log(Self, message is Terminated ended ? $"end of {ended.ActorRef}" : message);
        if (message is News)
        {
            return;
        }

        switch (_random.Next(16))
        {
            case 0:
                throw new InvalidOperationException("a defect");
            case 1:
                Context.Stop(Self);
                break;
            case 2:
                Stash.Stash();
                break;
            case 3:
                Stash.UnstashAll();
                break;
            case 4:
                Context.Watch(colony.Anybody(_random));
                break;
            case 5:
                Context.System.EventStream.Publish(new News(_random.Next(100)));
                break;
            case 6:
                Context.ActorOf(Props.Create(() => new Member(colony)));
                break;
            case 7:
                foreach (IActorRef child in Context.GetChildren())
                {
                    Context.Stop(child);
                }

                break;
            case 8:
                AwaitThenTell(Self);
                break;
            case 9:
                Timers.StartSingleTimer("once", "once", Soon());
                break;
            case 10:
                Timers.CancelAll();
                break;
            default:
                colony.Anybody(_random).Tell("told");
                break;
        }
    }

    private TimeSpan Soon() => TimeSpan.FromMilliseconds(1 + _random.Next(400));

    private void AwaitThenTell(IActorRef self)
    {
        TimeSpan delay = Soon();
        colony.Simulation.Run(async () =>
        {
            TimeProvider clock = colony.Simulation.Time;
            await Task.Delay(delay, clock);
            await Task.Yield();
            self.Tell("awaited");
        });
    }

    private sealed record News(int Number);
}
