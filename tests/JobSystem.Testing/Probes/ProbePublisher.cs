using JobSystem.Transports;

namespace JobSystem.Testing.Probes;

/// <summary>
/// Listens to a publisher channel: expands what <c>multiple</c> stands for and notes each number's fate.
/// </summary>
public sealed class ProbePublisher(string name = "publisher") : IPublisherListener
{
    private readonly CallRules _rules = new(name);
    private readonly HashSet<ulong> _decided = [];
    private ulong _allDecidedUpTo;

    /// <summary>The numbers in the order of their confirms, each as often as it was confirmed.</summary>
    public Sightings<ulong> Confirmed { get; } = new(name);

    public Sightings<(ulong Number, string Reason)> Rejected { get; } = new(name);

    public Sightings<TransportFailure> Closed { get; } = new(name);

    /// <summary>Every decision, whichever: a confirm, a rejection or the end.</summary>
    public Sightings<string> Decisions { get; } = new(name);

    public Task ConfirmedAsync(int count) => Confirmed.CountAsync(count, $"{count} confirms");

    public Task<TransportFailure> ClosedAsync() => Closed.NumberAsync(1, "the end of its channel");

    /// <summary>Fails where the transport broke a rule of listeners.</summary>
    public void Verify() => _rules.Verify();

    void IPublisherListener.OnConfirmed(ulong number, bool multiple) => _rules.Call("OnConfirmed", () =>
    {
        var numbers = multiple ? Undecided(number) : [number];
        foreach (var each in numbers)
        {
            _decided.Add(each);
            Confirmed.Add(each);
            Decisions.Add($"confirmed {each}");
        }
    });

    void IPublisherListener.OnRejected(ulong number, string reason) => _rules.Call("OnRejected", () =>
    {
        _decided.Add(number);
        Rejected.Add((number, reason));
        Decisions.Add($"rejected {number}");
    });

    void IPublisherListener.OnClosed(TransportFailure failure) => _rules.Call(
        "OnClosed",
        () =>
        {
            Closed.Add(failure);
            Decisions.Add($"closed: {failure}");
        },
        isLast: true);

    private List<ulong> Undecided(ulong upTo)
    {
        var undecided = new List<ulong>();
        for (var number = _allDecidedUpTo + 1; number <= upTo; number++)
        {
            if (!_decided.Contains(number))
            {
                undecided.Add(number);
            }
        }

        _allDecidedUpTo = Math.Max(_allDecidedUpTo, upTo);
        return undecided;
    }
}
