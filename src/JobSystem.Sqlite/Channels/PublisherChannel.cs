using JobSystem.Sqlite.Broker;
using JobSystem.Sqlite.Storage;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Channels;

/// <summary>
/// A channel that publishes. Owns the confirms of one batch, told as one where no rejection stands between them.
/// </summary>
internal sealed class PublisherChannel(Session session, FileConnection connection, IPublisherListener listener)
    : FileChannel(session, connection), IPublisherChannel, IConfirmable
{
    private ulong _lastNumber;
    private (ulong First, ulong Last)? _confirmed;

    protected override bool DropsWhatWaits => false;

    public void Publish(ulong number, Job job, Destination destination)
    {
        if (number != _lastNumber + 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(number), number, $"Publishes are numbered one by one; {_lastNumber + 1} is next.");
        }

        _lastNumber = number;
        Session.Add(job.Body.Length > Connection.MaxBodyBytes
            ? new RefusedPublish(this, number,
                $"The body has {job.Body.Length} bytes; this file takes at most {Connection.MaxBodyBytes}.")
            : new TakenPublish(this, number, job, destination));
    }

    public override void Release(Batch batch)
    {
        // It holds nothing in the file.
    }

    /// <summary>On the writer's thread.</summary>
    public void Confirm(ulong number, Batch batch)
    {
        if (_confirmed is { } run)
        {
            _confirmed = (run.First, number);
        }
        else
        {
            _confirmed = (number, number);
            batch.WillConfirm(this);
        }
    }

    /// <summary>On the writer's thread.</summary>
    public void Reject(ulong number, string reason)
    {
        TellConfirmed();
        Callbacks.Post(() => listener.OnRejected(number, reason));
    }

    /// <summary>Every number up to the last is decided then: they are decided in their order.</summary>
    public void TellConfirmed()
    {
        if (_confirmed is { } run)
        {
            _confirmed = null;
            Callbacks.Post(() => listener.OnConfirmed(run.Last, multiple: run.First < run.Last));
        }
    }

    protected override void TellClosed(TransportFailure failure) => listener.OnClosed(failure);

    /// <summary>One job on its way into the file. Copied when it is made: the sender may reuse its bytes.</summary>
    private sealed class TakenPublish(
        PublisherChannel channel, ulong number, Job job, Destination destination) : Operation
    {
        private readonly byte[] _envelope = JobEnvelope.Encode(job);
        private readonly byte[] _body = job.Body.ToArray();
        private readonly Destination _destination = destination;

        public override long Bytes => _envelope.Length + _body.Length;

        public override bool AddsToFile => true;

        public override bool Prepare() => !channel.IsClosing;

        public override void Execute(Batch batch)
        {
            var queue = batch.Tables.Queues.FindOrDeclare(_destination.ToString());
            if (_destination.Delay <= TimeSpan.Zero)
            {
                batch.Tables.Messages.Append(queue, _envelope, _body);
                batch.Touch(queue.Id);
                return;
            }

            var due = DueAfter(_destination.Delay, batch.Now);
            if (due < (batch.Tables.Delays.NextDue() ?? long.MaxValue))
            {
                batch.WakeConsumersOf(queue.Id); // their timers stand for a later time
            }

            batch.Tables.Delays.Add(queue.Name, due, _envelope, _body);
        }

        public override void Committed(Batch batch) => channel.Confirm(number, batch);

        public override bool TryRefuse(string reason)
        {
            channel.Reject(number, reason);
            return true;
        }

        public override void Abandoned(TransportFailure failure)
        {
            // Neither confirmed nor rejected: its listener hears that the channel is gone.
        }

        private static long DueAfter(TimeSpan delay, long now)
        {
            var milliseconds = Math.Ceiling(delay.TotalMilliseconds);
            return milliseconds < long.MaxValue / 2 ? now + (long)milliseconds : long.MaxValue / 2;
        }
    }

    /// <summary>A publish that cannot be taken; told in its order.</summary>
    private sealed class RefusedPublish(PublisherChannel channel, ulong number, string reason) : Operation
    {
        public override bool Prepare() => !channel.IsClosing;

        public override void Execute(Batch batch)
        {
            // Nothing is written.
        }

        public override void Committed(Batch batch) => channel.Reject(number, reason);

        public override bool TryRefuse(string fullDisk)
        {
            channel.Reject(number, reason);
            return true;
        }

        public override void Abandoned(TransportFailure failure)
        {
            // As any other that was not told.
        }
    }
}
