namespace JobSystem.Chaos.Proxy.Frames;

/// <summary>
/// On which channels of one direction a message is under way: its method has passed, its body not wholly. A method
/// that comes in between there breaks the whole connection.
/// </summary>
internal sealed class Contents
{
    private const long HeaderAwaited = -1;

    // The bytes of body that are to come, or that the header is.
    private readonly Dictionary<ushort, long> _open = [];

    public bool AreOpenOn(ushort channel) => _open.ContainsKey(channel);

    /// <summary>The frame passes.</summary>
    public void Note(in AmqpFrame frame)
    {
        if (frame.HasContent)
        {
            _open[frame.Channel] = HeaderAwaited;
        }
        else if (frame.Type == FrameType.Header)
        {
            Await(frame.Channel, frame.BodyBytes);
        }
        else if (frame.Type == FrameType.Body && _open.TryGetValue(frame.Channel, out var rest))
        {
            Await(frame.Channel, rest - frame.BodyBytes);
        }
    }

    private void Await(ushort channel, long bytes)
    {
        if (bytes > 0)
        {
            _open[channel] = bytes;
        }
        else
        {
            _open.Remove(channel);
        }
    }
}
