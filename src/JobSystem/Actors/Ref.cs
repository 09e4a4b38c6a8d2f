using Akka.Actor;

namespace JobSystem.Actors;

/// <summary>
/// The address of an actor that understands <typeparamref name="TMessage"/>: Akka's refs take any object, and a message
/// that its receiver does not know is a silent defect. Costs nothing: it is the ref itself.
/// Two are equal when they are the same incarnation: a child that was stopped and started again is another.
/// </summary>
internal readonly record struct Ref<TMessage>(IActorRef Actor)
    where TMessage : class
{
    /// <summary>Without a sender: who wants an answer says so in the message.</summary>
    public void Tell(TMessage message) => Actor.Tell(message, ActorRefs.NoSender);

    public bool Equals(Ref<TMessage> other) => ReferenceEquals(Actor, other.Actor);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Actor);

    public override string ToString() => Actor.Path.ToStringWithoutAddress();
}
