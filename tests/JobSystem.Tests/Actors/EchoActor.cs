using Akka.Actor;
using JobSystem.Actors;

namespace JobSystem.Tests.Actors;

/// <summary>Answers what it is told with the same; "fail" makes it fail.</summary>
internal sealed class EchoActor(ActorEnvironment environment) : TypedActor<object>(environment)
{
    protected override void Receive(object message)
    {
        if (message is "fail")
        {
            throw new InvalidOperationException("It was told to fail.");
        }

        Sender.Tell(message);
    }
}
