using System.Collections.Concurrent;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants.Seams;

/// <summary>
/// Follows a mutant that does not store what a job becomes, to the ack of its original: only that loses the job. A
/// worker that dies before gives the original back, nothing is wrong with that, and the defect had no occasion.
/// Guarantees: an occasion is told after the ack went to the broker. Thread-safe.
/// </summary>
/// <param name="hadOccasion">Called at each ack that was not earned.</param>
internal sealed class UnearnedAcks(Action hadOccasion)
{
    private readonly ConcurrentDictionary<JobId, bool> _owed = new();

    /// <summary>The engine was told that a successor or dead letter of this job is stored, and it is not.</summary>
    public void Owe(JobId job) => _owed[job] = true;

    /// <summary>Now it is.</summary>
    public void Pay(JobId job) => _owed.TryRemove(job, out _);

    /// <summary>For a consumer channel of the same transport.</summary>
    public ConsumerDetour Watch() => new Detour(_owed, hadOccasion);

    private sealed class Detour(ConcurrentDictionary<JobId, bool> owed, Action hadOccasion) : ConsumerDetour
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<ulong, JobId> _out = [];

        public override void OnDelivery(Delivery delivery)
        {
            lock (_gate)
            {
                _out[delivery.Tag] = delivery.Job.Id;
            }

            base.OnDelivery(delivery);
        }

        public override void Ack(ulong tag, bool multiple)
        {
            var jobs = Taken(tag, multiple);
            base.Ack(tag, multiple);
            if (jobs.Exists(owed.ContainsKey))
            {
                hadOccasion();
            }
        }

        public override void Requeue(ulong tag)
        {
            Taken(tag, multiple: false);
            base.Requeue(tag);
        }

        private List<JobId> Taken(ulong tag, bool multiple)
        {
            lock (_gate)
            {
                var taken = _out.Where(each => multiple ? each.Key <= tag : each.Key == tag).ToList();
                taken.ForEach(each => _out.Remove(each.Key));
                return [.. taken.Select(each => each.Value)];
            }
        }
    }
}
