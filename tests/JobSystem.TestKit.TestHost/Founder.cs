using Akka.Actor;

namespace JobSystem.TestKit.TestHost;

/// <summary>Parent of one system's members: restarts those that fail, replaces those that die.</summary>
internal sealed class Founder(Colony colony, int size) : UntypedActor, IWithTimers
{
    private int _born;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void PreStart()
    {
        for (int member = 0; member < size; member++)
        {
            Begin();
        }

        Timers.StartPeriodicTimer("census", "census", TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3));
    }

    protected override void OnReceive(object message)
    {
        colony.Log(Self, message is Terminated ended ? $"end of {ended.ActorRef}" : message);
        switch (message)
        {
            case Terminated:
                Begin();
                break;
            case "census":
                foreach (IActorRef child in Context.GetChildren()) // in an order of its own in each process
                {
                    child.Tell("counted");
                }

                break;
        }
    }

    private void Begin()
    {
        IActorRef member = Context.ActorOf(Props.Create(() => new Member(colony)), $"member-{++_born}");
        Context.Watch(member);
        colony.Born(member);
        member.Tell("live");
    }
}
