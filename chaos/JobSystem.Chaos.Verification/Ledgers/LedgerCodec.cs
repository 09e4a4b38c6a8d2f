using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Verification.Ledgers;

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
        var encoder = new Encoder(target);
        switch (happened)
        {
            case HistoryEvent.EnqueueIntended e:
                encoder.Type(1).Text(e.Job.Value).Number((long)e.BodyHash).Number(e.IsForeign ? 1 : 0)
                    .Number(e.Late.Ticks);
                break;
            case HistoryEvent.EnqueueConfirmed e:
                encoder.Type(2).Text(e.Job.Value);
                break;
            case HistoryEvent.EnqueueRejected e:
                encoder.Type(3).Text(e.Job.Value).Text(e.Reason);
                break;
            case HistoryEvent.EnqueueUnknown e:
                encoder.Type(4).Text(e.Job.Value).Text(e.Why);
                break;
            case HistoryEvent.RunStarted e:
                encoder.Type(5).Text(e.Job.Value).Run(e.Run).Number((long)e.BodyHash);
                break;
            case HistoryEvent.EffectDone e:
                encoder.Type(6).Text(e.Job.Value).Run(e.Run);
                break;
            case HistoryEvent.RunFailed e:
                encoder.Type(7).Text(e.Job.Value).Run(e.Run).Text(e.Why);
                break;
            case HistoryEvent.MessageStored e:
                encoder.Type(8).Text(e.Job.Value).Number(e.Epoch).Text(e.Queue);
                break;
            case HistoryEvent.MessageAcked e:
                encoder.Type(9).Text(e.Job.Value).Number(e.Epoch).Text(e.Queue);
                break;
            case HistoryEvent.DeadLettered e:
                encoder.Type(10).Text(e.Job.Value).Number((int)e.Reason);
                break;
            case HistoryEvent.StillQueued e:
                encoder.Type(11).Text(e.Job.Value).Text(e.Queue);
                break;
            case HistoryEvent.Destroyed e:
                encoder.Type(12).Text(e.Job.Value).Text(e.By);
                break;
            case HistoryEvent.WorkerStarted e:
                encoder.Type(13).Text(e.Worker);
                break;
            case HistoryEvent.WorkerStopped e:
                encoder.Type(14).Text(e.Worker).Number(e.ExitCode);
                break;
            case HistoryEvent.WorkerKilled e:
                encoder.Type(15).Text(e.Worker);
                break;
            case HistoryEvent.ConnectionLost e:
                encoder.Type(16).Text(e.Why).Text(e.Process);
                break;
            case HistoryEvent.FaultInjected e:
                encoder.Type(17).Number(e.Fault).Text(e.Name).Text(e.Target);
                break;
            case HistoryEvent.FaultHappened e:
                encoder.Type(18).Text(e.Name).Number(e.Fault).Text(e.Proof);
                break;
            case HistoryEvent.FaultHealed e:
                encoder.Type(19).Number(e.Fault);
                break;
            case HistoryEvent.FaultFailed e:
                encoder.Type(20).Number(e.Fault).Number((int)e.Step).Text(e.Why);
                break;
            case HistoryEvent.PhaseBegan e:
                encoder.Type(21).Text(e.Phase);
                break;
            case HistoryEvent.Drained e:
                encoder.Type(22).Number(e.IsComplete ? 1 : 0);
                break;
            case HistoryEvent.LedgerOpened e:
                encoder.Type(23).Text(e.Name);
                break;
            case HistoryEvent.LedgerClosed e:
                encoder.Type(24).Text(e.Name).Number(e.Events);
                break;
            case HistoryEvent.EnqueuesMissed e:
                encoder.Type(25).Number(e.Count).Number(e.First.Ticks).Number(e.Last.Ticks);
                break;
            case HistoryEvent.ProcessSampled e:
                encoder.Type(26).Text(e.Process).Number(e.Memory).Number(e.PeakMemory).Number(e.Handles)
                    .Number(e.Threads).Number(e.Cpu.Ticks);
                break;
            case HistoryEvent.BrokerSampled e:
                encoder.Type(27).Number(e.Memory).Number(e.Connections).Number(e.Channels);
                break;
            case HistoryEvent.ActorCrashed e:
                encoder.Type(28).Text(e.Process).Text(e.Kind).Text(e.Actor);
                break;
            case HistoryEvent.ActorsRestarted e:
                encoder.Type(29).Text(e.Process);
                break;
            case HistoryEvent.EndExpected e:
                encoder.Type(30).Text(e.Process);
                break;
            default:
                throw new ArgumentException($"The ledger knows no {happened.GetType().Name}.", nameof(happened));
        }

        return encoder.Written;
    }

    /// <exception cref="FormatException">The bytes are no event.</exception>
    public static HistoryEvent Read(ReadOnlySpan<byte> bytes, TextCache texts)
    {
        var decoder = new Decoder(bytes, texts);
        return decoder.Type() switch
        {
            1 => new HistoryEvent.EnqueueIntended(
                decoder.Job(), (ulong)decoder.Number(), decoder.Number() == 1, decoder.Time()),
            2 => new HistoryEvent.EnqueueConfirmed(decoder.Job()),
            3 => new HistoryEvent.EnqueueRejected(decoder.Job(), decoder.Text()),
            4 => new HistoryEvent.EnqueueUnknown(decoder.Job(), decoder.Text()),
            5 => new HistoryEvent.RunStarted(decoder.Job(), decoder.Run(), (ulong)decoder.Number()),
            6 => new HistoryEvent.EffectDone(decoder.Job(), decoder.Run()),
            7 => new HistoryEvent.RunFailed(decoder.Job(), decoder.Run(), decoder.Text()),
            8 => new HistoryEvent.MessageStored(decoder.Job(), (int)decoder.Number(), decoder.Text()),
            9 => new HistoryEvent.MessageAcked(decoder.Job(), (int)decoder.Number(), decoder.Text()),
            10 => new HistoryEvent.DeadLettered(decoder.Job(), (FailureReason)decoder.Number()),
            11 => new HistoryEvent.StillQueued(decoder.Job(), decoder.Text()),
            12 => new HistoryEvent.Destroyed(decoder.Job(), decoder.Text()),
            13 => new HistoryEvent.WorkerStarted(decoder.Text()),
            14 => new HistoryEvent.WorkerStopped(decoder.Text(), (int)decoder.Number()),
            15 => new HistoryEvent.WorkerKilled(decoder.Text()),
            16 => new HistoryEvent.ConnectionLost(decoder.Text(), decoder.Text()),
            17 => new HistoryEvent.FaultInjected((int)decoder.Number(), decoder.Text(), decoder.Text()),
            18 => new HistoryEvent.FaultHappened(decoder.Text(), (int)decoder.Number(), decoder.Text()),
            19 => new HistoryEvent.FaultHealed((int)decoder.Number()),
            20 => new HistoryEvent.FaultFailed((int)decoder.Number(), (FaultStep)decoder.Number(), decoder.Text()),
            21 => new HistoryEvent.PhaseBegan(decoder.Text()),
            22 => new HistoryEvent.Drained(decoder.Number() == 1),
            23 => new HistoryEvent.LedgerOpened(decoder.Text()),
            24 => new HistoryEvent.LedgerClosed(decoder.Text(), decoder.Number()),
            25 => new HistoryEvent.EnqueuesMissed(
                decoder.Number(), decoder.Time(), decoder.Time()),
            26 => new HistoryEvent.ProcessSampled(
                decoder.Text(), decoder.Number(), decoder.Number(), (int)decoder.Number(), (int)decoder.Number(),
                    decoder.Time()),
            27 => new HistoryEvent.BrokerSampled(decoder.Number(), (int)decoder.Number(), (int)decoder.Number()),
            28 => new HistoryEvent.ActorCrashed(decoder.Text(), decoder.Text(), decoder.Text()),
            29 => new HistoryEvent.ActorsRestarted(decoder.Text()),
            30 => new HistoryEvent.EndExpected(decoder.Text()),
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
