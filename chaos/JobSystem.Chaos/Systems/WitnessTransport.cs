using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Transports;

namespace JobSystem.Chaos.Systems;

/// <summary>
/// Stands between the engine and its transport and writes down what goes to the broker: each ack before it is sent,
/// each stored message after it is confirmed, each connection and channel when it is lost. Changes nothing. Jobs are
/// known by their payloads, so what the engine says of a job is not believed.
/// </summary>
internal sealed class WitnessTransport(ITransport transport, string process, LedgerWriter ledger) : ITransport
{
    public string Description => transport.Description;

    public async Task<ITransportConnection> ConnectAsync(string name, IConnectionListener listener) =>
        new Connection(
            await transport.ConnectAsync(name, new ConnectionWitness(process, listener, ledger)), process, ledger);

    private sealed class ConnectionWitness(string process, IConnectionListener listener, LedgerWriter ledger)
        : IConnectionListener
    {
        public void OnClosed(TransportFailure failure)
        {
            ledger.Add(new HistoryEvent.ConnectionLost(failure.Text, process));
            listener.OnClosed(failure);
        }

        public void OnBlocked(string reason) => listener.OnBlocked(reason);

        public void OnUnblocked() => listener.OnUnblocked();
    }

    private sealed class Connection(ITransportConnection inner, string process, LedgerWriter ledger)
        : ITransportConnection
    {
        public string? Product => inner.Product;

        public long MaxBodyBytes => inner.MaxBodyBytes;

        public async Task<IConsumerChannel> ConsumeAsync(ConsumerSettings settings, IConsumerListener listener)
        {
            var witness = new ConsumerWitness(
                Lanes.NameOf(settings.Queue, settings.Lane), listener, process, ledger);
            return new Consumer(await inner.ConsumeAsync(settings, witness), witness);
        }

        public async Task<IPublisherChannel> OpenPublisherAsync(IPublisherListener listener)
        {
            var witness = new PublisherWitness(listener, process, ledger);
            return new Publisher(await inner.OpenPublisherAsync(witness), witness);
        }

        public Task<IPullChannel> OpenPullAsync() => inner.OpenPullAsync();

        public Task<QueueInfo?> InspectAsync(string queueName) => inner.InspectAsync(queueName);

        public Task<IReadOnlyList<QueueInfo>?> ListAsync() => inner.ListAsync();

        public Task DeclareAsync(QueueDeclaration declaration) => inner.DeclareAsync(declaration);

        public Task<long?> DeleteAsync(string queueName) => inner.DeleteAsync(queueName);

        public Task<long?> PurgeAsync(string queueName) => inner.PurgeAsync(queueName);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Consumer(IConsumerChannel inner, ConsumerWitness witness) : IConsumerChannel
    {
        public QueueInfo Queue => inner.Queue;

        public void Ack(ulong tag, bool multiple)
        {
            witness.Acked(tag, multiple);
            inner.Ack(tag, multiple);
        }

        public void Requeue(ulong tag)
        {
            witness.Forget(tag);
            inner.Requeue(tag);
        }

        public Task CancelAsync() => inner.CancelAsync();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class ConsumerWitness(
        string queue, IConsumerListener listener, string process, LedgerWriter ledger) : IConsumerListener
    {
        private readonly Lock _gate = new();
        private readonly SortedDictionary<ulong, (JobId Job, int Epoch)> _inHand = [];

        public void OnDelivery(Delivery delivery)
        {
            if (JobBody.TryGetJob(delivery.Job.Body.Span, out var job))
            {
                lock (_gate)
                {
                    _inHand[delivery.Tag] = (job, delivery.Job.Epoch);
                }
            }

            listener.OnDelivery(delivery);
        }

        public void OnClosed(TransportFailure failure)
        {
            ledger.Add(new HistoryEvent.ConnectionLost(failure.Text, process));
            listener.OnClosed(failure);
        }

        public void Acked(ulong tag, bool multiple)
        {
            lock (_gate)
            {
                var tags = multiple ? _inHand.Keys.TakeWhile(each => each <= tag).ToList() : [tag];
                foreach (var each in tags)
                {
                    if (_inHand.Remove(each, out var delivered))
                    {
                        ledger.Add(new HistoryEvent.MessageAcked(delivered.Job, delivered.Epoch, queue));
                    }
                }
            }
        }

        public void Forget(ulong tag)
        {
            lock (_gate)
            {
                _inHand.Remove(tag);
            }
        }
    }

    private sealed class Publisher(IPublisherChannel inner, PublisherWitness witness) : IPublisherChannel
    {
        public void Publish(ulong number, Job job, Destination destination)
        {
            witness.Published(number, job, destination);
            inner.Publish(number, job, destination);
        }

        public ValueTask DisposeAsync()
        {
            witness.GiveUp("the channel was given up");
            return inner.DisposeAsync();
        }
    }

    private sealed class PublisherWitness(IPublisherListener listener, string process, LedgerWriter ledger)
        : IPublisherListener
    {
        private readonly Lock _gate = new();
        private readonly SortedDictionary<ulong, HistoryEvent> _onTheirWay = [];

        public void Published(ulong number, Job job, Destination destination)
        {
            if (JobBody.TryGetJob(job.Body.Span, out var tested))
            {
                var epoch = destination.Lane == Lane.Dead
                    ? HistoryEvent.MessageStored.EpochOfDeadLetters
                    : job.Epoch;
                lock (_gate)
                {
                    _onTheirWay[number] = new HistoryEvent.MessageStored(tested, epoch, destination.ToString());
                }
            }
        }

        public void OnConfirmed(ulong number, bool multiple)
        {
            lock (_gate)
            {
                var numbers = multiple ? _onTheirWay.Keys.TakeWhile(each => each <= number).ToList() : [number];
                foreach (var each in numbers)
                {
                    if (_onTheirWay.Remove(each, out var stored))
                    {
                        ledger.Add(stored);
                    }
                }
            }

            listener.OnConfirmed(number, multiple);
        }

        public void OnRejected(ulong number, string reason)
        {
            lock (_gate)
            {
                _onTheirWay.Remove(number);
            }

            listener.OnRejected(number, reason);
        }

        public void OnClosed(TransportFailure failure)
        {
            GiveUp(failure.Text);
            listener.OnClosed(failure);
        }

        /// <summary>What was on its way goes again on another channel: there may be two of it then.</summary>
        public void GiveUp(string why)
        {
            lock (_gate)
            {
                if (_onTheirWay.Count > 0)
                {
                    ledger.Add(new HistoryEvent.ConnectionLost(why, process));
                    _onTheirWay.Clear();
                }
            }
        }
    }
}
