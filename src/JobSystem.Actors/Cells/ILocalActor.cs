namespace JobSystem.Actors;

/// <summary>An actor of this kernel as its relatives see it, whatever its messages are.</summary>
internal interface ILocalActor
{
    ActorRef Ref { get; }

    ActorSystem System { get; }

    ILocalActor? Parent { get; }

    ulong TraceId { get; }

    /// <summary>
    /// The children of one parent are chained in the order of their spawn; the parent owns the links.
    /// </summary>
    ILocalActor? NextSibling { get; set; }

    ILocalActor? PreviousSibling { get; set; }

    /// <summary>The last decision about all children of its parent that it knows of.</summary>
    int Epoch { set; }

    /// <summary>The names of its children.</summary>
    ChildNames Names { get; }

    void Enqueue(SystemMessage message);

    /// <summary>Hands it to the dispatcher for the first time.</summary>
    void Begin();
}
