using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using JobSystem.Chaos.Histories;

namespace JobSystem.Chaos.Ledgers;

/// <summary>
/// Events as bytes: a type, then the event's parts in their order; text as UTF-8 behind its length in two bytes,
/// numbers little-endian. The numbers of the types are the format: never given anew. Pure.
/// </summary>
internal static class LedgerCodec
{
    public const int MaxEventBytes = 4096;
    private const int MaxTextBytes = 1000;

    public static int Write(Span<byte> target, HistoryEvent happened)
    {
        var pen = new Encoder(target);
        switch (happened)
        {
            case HistoryEvent.EnqueueIntended e:
                pen.Type(1).Text(e.Job.Value).Number((long)e.BodyHash).Number(e.IsForeign ? 1 : 0)
                    .Number(e.Late.Ticks);
                break;
            case HistoryEvent.EnqueueConfirmed e:
                pen.Type(2).Text(e.Job.Value);
                break;
            case HistoryEvent.EnqueueRejected e:
                pen.Type(3).Text(e.Job.Value).Text(e.Reason);
                break;
            case HistoryEvent.EnqueueUnknown e:
                pen.Type(4).Text(e.Job.Value).Text(e.Why);
                break;
            case HistoryEvent.RunStarted e:
                pen.Type(5).Text(e.Job.Value).Run(e.Run).Number((long)e.BodyHash);
                break;
            case HistoryEvent.EffectDone e:
                pen.Type(6).Text(e.Job.Value).Run(e.Run);
                break;
            case HistoryEvent.RunFailed e:
                pen.Type(7).Text(e.Job.Value).Run(e.Run).Text(e.Why);
                break;
            case HistoryEvent.MessageStored e:
                pen.Type(8).Text(e.Job.Value).Number(e.Epoch).Text(e.Queue);
                break;
            case HistoryEvent.MessageAcked e:
                pen.Type(9).Text(e.Job.Value).Number(e.Epoch).Text(e.Queue);
                break;
            case HistoryEvent.DeadLettered e:
                pen.Type(10).Text(e.Job.Value).Number((int)e.Reason);
                break;
            case HistoryEvent.StillQueued e:
                pen.Type(11).Text(e.Job.Value).Text(e.Queue);
                break;
            case HistoryEvent.Destroyed e:
                pen.Type(12).Text(e.Job.Value).Text(e.By);
                break;
            case HistoryEvent.WorkerStarted e:
                pen.Type(13).Text(e.Worker);
                break;
            case HistoryEvent.WorkerStopped e:
                pen.Type(14).Text(e.Worker).Number(e.ExitCode);
                break;
            case HistoryEvent.WorkerKilled e:
                pen.Type(15).Text(e.Worker);
                break;
            case HistoryEvent.ConnectionLost e:
                pen.Type(16).Text(e.Why).Text(e.Process);
                break;
            case HistoryEvent.FaultInjected e:
                pen.Type(17).Number(e.Fault).Text(e.Name).Text(e.Target);
                break;
            case HistoryEvent.FaultHappened e:
                pen.Type(18).Text(e.Name).Number(e.Fault).Text(e.Proof);
                break;
            case HistoryEvent.FaultHealed e:
                pen.Type(19).Number(e.Fault);
                break;
            case HistoryEvent.FaultFailed e:
                pen.Type(20).Number(e.Fault).Number((int)e.Step).Text(e.Why);
                break;
            case HistoryEvent.PhaseBegan e:
                pen.Type(21).Text(e.Phase);
                break;
            case HistoryEvent.Drained e:
                pen.Type(22).Number(e.IsComplete ? 1 : 0);
                break;
            case HistoryEvent.LedgerOpened e:
                pen.Type(23).Text(e.Name);
                break;
            case HistoryEvent.LedgerClosed e:
                pen.Type(24).Text(e.Name).Number(e.Events);
                break;
            case HistoryEvent.EnqueuesMissed e:
                pen.Type(25).Number(e.Count).Number(e.First.Ticks).Number(e.Last.Ticks);
                break;
            case HistoryEvent.ProcessSampled e:
                pen.Type(26).Text(e.Process).Number(e.Memory).Number(e.PeakMemory).Number(e.Handles).Number(e.Threads)
                    .Number(e.Cpu.Ticks);
                break;
            case HistoryEvent.BrokerSampled e:
                pen.Type(27).Number(e.Memory).Number(e.Connections).Number(e.Channels);
                break;
            case HistoryEvent.ActorCrashed e:
                pen.Type(28).Text(e.Process).Text(e.Kind).Text(e.Actor);
                break;
            case HistoryEvent.ActorsRestarted e:
                pen.Type(29).Text(e.Process);
                break;
            case HistoryEvent.EndExpected e:
                pen.Type(30).Text(e.Process);
                break;
            default:
                throw new ArgumentException($"The ledger knows no {happened.GetType().Name}.", nameof(happened));
        }

        return pen.Written;
    }

    /// <exception cref="FormatException">The bytes are no event.</exception>
    public static HistoryEvent Read(ReadOnlySpan<byte> bytes, TextCache texts)
    {
        var eye = new Decoder(bytes, texts);
        return eye.Type() switch
        {
            1 => new HistoryEvent.EnqueueIntended(
                eye.Job(), (ulong)eye.Number(), eye.Number() == 1, eye.Time()),
            2 => new HistoryEvent.EnqueueConfirmed(eye.Job()),
            3 => new HistoryEvent.EnqueueRejected(eye.Job(), eye.Text()),
            4 => new HistoryEvent.EnqueueUnknown(eye.Job(), eye.Text()),
            5 => new HistoryEvent.RunStarted(eye.Job(), eye.Run(), (ulong)eye.Number()),
            6 => new HistoryEvent.EffectDone(eye.Job(), eye.Run()),
            7 => new HistoryEvent.RunFailed(eye.Job(), eye.Run(), eye.Text()),
            8 => new HistoryEvent.MessageStored(eye.Job(), (int)eye.Number(), eye.Text()),
            9 => new HistoryEvent.MessageAcked(eye.Job(), (int)eye.Number(), eye.Text()),
            10 => new HistoryEvent.DeadLettered(eye.Job(), (FailureReason)eye.Number()),
            11 => new HistoryEvent.StillQueued(eye.Job(), eye.Text()),
            12 => new HistoryEvent.Destroyed(eye.Job(), eye.Text()),
            13 => new HistoryEvent.WorkerStarted(eye.Text()),
            14 => new HistoryEvent.WorkerStopped(eye.Text(), (int)eye.Number()),
            15 => new HistoryEvent.WorkerKilled(eye.Text()),
            16 => new HistoryEvent.ConnectionLost(eye.Text(), eye.Text()),
            17 => new HistoryEvent.FaultInjected((int)eye.Number(), eye.Text(), eye.Text()),
            18 => new HistoryEvent.FaultHappened(eye.Text(), (int)eye.Number(), eye.Text()),
            19 => new HistoryEvent.FaultHealed((int)eye.Number()),
            20 => new HistoryEvent.FaultFailed((int)eye.Number(), (FaultStep)eye.Number(), eye.Text()),
            21 => new HistoryEvent.PhaseBegan(eye.Text()),
            22 => new HistoryEvent.Drained(eye.Number() == 1),
            23 => new HistoryEvent.LedgerOpened(eye.Text()),
            24 => new HistoryEvent.LedgerClosed(eye.Text(), eye.Number()),
            25 => new HistoryEvent.EnqueuesMissed(
                eye.Number(), eye.Time(), eye.Time()),
            26 => new HistoryEvent.ProcessSampled(
                eye.Text(), eye.Number(), eye.Number(), (int)eye.Number(), (int)eye.Number(), eye.Time()),
            27 => new HistoryEvent.BrokerSampled(eye.Number(), (int)eye.Number(), (int)eye.Number()),
            28 => new HistoryEvent.ActorCrashed(eye.Text(), eye.Text(), eye.Text()),
            29 => new HistoryEvent.ActorsRestarted(eye.Text()),
            30 => new HistoryEvent.EndExpected(eye.Text()),
            var type => throw new FormatException($"The ledger has an event of type {type}, which is not known here."),
        };
    }

    private ref struct Encoder(Span<byte> target)
    {
        private readonly Span<byte> _target = target;

        public int Written { get; private set; }

        [UnscopedRef]
        public ref Encoder Type(byte type)
        {
            _target[Written++] = type;
            return ref this;
        }

        [UnscopedRef]
        public ref Encoder Number(long number)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_target[Written..], number);
            Written += sizeof(long);
            return ref this;
        }

        /// <summary>Longer words are cut at a whole character.</summary>
        [UnscopedRef]
        public ref Encoder Text(string text)
        {
            var room = _target.Slice(Written + sizeof(ushort), MaxTextBytes);
            Encoding.UTF8.TryGetBytes(text.AsSpan(0, FittingLength(text)), room, out var length);
            BinaryPrimitives.WriteUInt16LittleEndian(_target[Written..], (ushort)length);
            Written += sizeof(ushort) + length;
            return ref this;
        }

        [UnscopedRef]
        public ref Encoder Run(RunId run) => ref Text(run.Worker).Number(run.Number);

        private static int FittingLength(string text)
        {
            if (text.Length <= MaxTextBytes / 3)
            {
                return text.Length;
            }

            var (length, bytes) = (0, 0);
            foreach (var rune in text.EnumerateRunes())
            {
                if (bytes + rune.Utf8SequenceLength > MaxTextBytes)
                {
                    break;
                }

                (length, bytes) = (length + rune.Utf16SequenceLength, bytes + rune.Utf8SequenceLength);
            }

            return length;
        }
    }

    private ref struct Decoder(ReadOnlySpan<byte> bytes, TextCache texts)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public byte Type() => Take(1)[0];

        public long Number() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

        /// <summary>Not negative, and short enough to be reckoned with.</summary>
        public TimeSpan Time() => Number() is >= 0 and <= 3650 * TimeSpan.TicksPerDay and var ticks
            ? new TimeSpan(ticks)
            : throw new FormatException("The ledger has a time that cannot be.");

        /// <summary>Words that come again and again: names, queues, reasons.</summary>
        public string Text() => texts.Of(Take(BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)))));

        public JobId Job()
        {
            var text = Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)))));
            return JobId.TryParse(text, out var job)
                ? job
                : throw new FormatException("The ledger has a wrong job id.");
        }

        public RunId Run() => new(Text(), Number());

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count > _rest.Length)
            {
                throw new FormatException("An event of the ledger is too short.");
            }

            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }
}
