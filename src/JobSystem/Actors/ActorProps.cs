using Akka.Actor;

namespace JobSystem.Actors;

/// <summary>
/// The props of an actor of this system: made by a function, since Akka's expressions and reflection cost more than
/// the actor, and with a mailbox that loses nothing while its actor ends.
/// </summary>
internal static class ActorProps
{
    public static Props Of<TMessage>(Func<TypedActor<TMessage>> create)
        where TMessage : class =>
        Props.CreateBy(new Producer<TMessage>(create)).WithMailbox(ClosingMailbox.Id);

    private sealed class Producer<TMessage>(Func<TypedActor<TMessage>> create) : IIndirectActorProducer
        where TMessage : class
    {
        public Type ActorType => typeof(TypedActor<TMessage>);

        public ActorBase Produce() => create();

        public void Release(ActorBase actor)
        {
        }
    }
}
