using JobSystem.Chaos.Proxies.Frames;
using JobSystem.Chaos.Proxies.Links;

namespace JobSystem.Chaos.Proxies.Toxics;

/// <summary>
/// Confirms of the broker do not reach the client: after some that pass, so many. What is lost stays lost: a later
/// confirm of <em>many</em> is told one by one without them, for as long as their channel lives. So it has to stay
/// added; <see cref="Stop"/> ends the swallowing only.
/// </summary>
internal sealed class LostConfirms(int skip, int count) : Toxic(Direction.ToClient)
{
    private readonly Dictionary<(ProxyConnection, ushort), ConfirmGaps> _gaps = [];
    private readonly Lock _gate = new();
    private long _seen;
    private volatile bool _isStopped;

    /// <summary>Nothing is swallowed any more.</summary>
    public void Stop() => _isStopped = true;

    public override Fate Judge(Sieve sieve, in AmqpFrame frame)
    {
        var key = (sieve.Connection, frame.Channel);
        lock (_gate)
        {
            if (frame.Method == AmqpMethod.ChannelOpenOk)
            {
                _gaps.Remove(key);
            }

            return frame.Method == AmqpMethod.BasicAck ? JudgeAck(key, frame) : Fate.Pass;
        }
    }

    private Fate JudgeAck((ProxyConnection, ushort Channel) key, in AmqpFrame frame)
    {
        var arguments = new AmqpArguments(frame.Arguments);
        var (tag, isMultiple) = (arguments.LongLong(), (arguments.Octet() & 1) != 0);
        var gaps = _gaps.GetValueOrDefault(key);
        var number = ++_seen - skip;
        if (_isStopped || number < 1 || number > count)
        {
            return gaps is null ? Fate.Pass : Fate.Replace(gaps.Tell(key.Channel, tag, isMultiple));
        }

        if (gaps is null)
        {
            Forget(_gaps.Keys.Where(each => each.Item1.Ended.IsCancellationRequested));
            _gaps.Add(key, gaps = new ConfirmGaps());
        }

        gaps.Lose(tag, isMultiple);
        Touch(1);
        return Fate.Swallow;
    }

    private void Forget(IEnumerable<(ProxyConnection, ushort)> gone)
    {
        foreach (var key in gone.ToList())
        {
            _gaps.Remove(key);
        }
    }
}
