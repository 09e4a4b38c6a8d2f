using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>What the actors that talk to the broker share. Never changed.</summary>
/// <param name="Transport">The broker.</param>
/// <param name="Name">What the broker's operator sees of this process.</param>
/// <param name="Deadline">How long the broker may take to open or close something.</param>
/// <param name="Disposals">Where connections and channels are closed that nobody needs any more.</param>
internal sealed record BrokerAccess(ITransport Transport, string Name, TimeSpan Deadline, Disposals Disposals)
{
    public string Description => Transport.Description;

    public TransportFailure Late(string what) =>
        new(TransportFailureKind.Unreachable, $"{what} took longer than {Deadline}.");
}
