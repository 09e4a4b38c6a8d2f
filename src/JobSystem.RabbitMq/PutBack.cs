using JobSystem.RabbitMq.Wire;
using JobSystem.Transports;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq;

/// <summary>A message as it was taken out of a queue.</summary>
internal readonly record struct TakenMessage(
    string Queue, IReadOnlyBasicProperties Properties, ReadOnlyMemory<byte> Body);

/// <summary>
/// Publishes copies of messages to the queue that they were taken from, each confirmed by the broker. The copy has
/// every property and header of the original, and is counted by the broker as a new message. Opens its channel when
/// it is first needed: where it fails, what was taken is still there.
/// </summary>
internal sealed class PutBack(RabbitLink link) : IAsyncDisposable
{
    private IChannel? _channel;

    /// <summary>Finds out whether the broker takes publishes, before anything is taken.</summary>
    /// <exception cref="TransportException">It does not; with the reason and a cure.</exception>
    public async Task EnsureAsync(string queue)
    {
        if (_channel is { IsOpen: true })
        {
            return;
        }

        try
        {
            _channel = await link.OpenConfirmedChannelAsync().ConfigureAwait(false);

            // To no queue, since none has an empty name: confirmed where there is no alarm, and the permission.
            await link.Deadlines.CallAsync(
                _channel.BasicPublishAsync("", "", mandatory: false, Array.Empty<byte>()).AsTask(),
                "basic.publish").ConfigureAwait(false);
        }
        catch (TransportException failed)
        {
            throw new TransportException(failed.Failure with
            {
                Text = $"'{queue}' was not looked at: it has, or may have, a delivery limit, and a message that is " +
                    "looked at too often would be dropped; so each is put back as a copy, and the broker takes no " +
                    $"publish: {failed.Failure.Text} Cure: free the broker of its alarm, or grant this user the " +
                    "permission 'write' on the exchange 'amq.default'.",
            });
        }
    }

    /// <exception cref="TransportException">It is not confirmed: the original must stay.</exception>
    public async Task PublishAsync(TakenMessage message)
    {
        await EnsureAsync(message.Queue).ConfigureAwait(false);
        try
        {
            await link.Deadlines.CallAsync(
                _channel!.BasicPublishAsync(
                    "", message.Queue, mandatory: true, CopyOf(message.Properties), message.Body).AsTask(),
                "basic.publish").ConfigureAwait(false);
        }
        catch (TransportException failed)
        {
            throw new TransportException(failed.Failure with
            {
                Text = $"A message could not be put back into '{message.Queue}' as a copy; the original stays there. " +
                    $"Looking at it again counts as a delivery, so do not before this is cured: {failed.Failure.Text}",
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
        {
            await link.CloseAsync(_channel).ConfigureAwait(false);
        }
    }

    private static BasicProperties CopyOf(IReadOnlyBasicProperties properties)
    {
        var copy = new BasicProperties(properties);
        var headers = new Dictionary<string, object?>(
            properties.Headers ?? new Dictionary<string, object?>(), StringComparer.Ordinal);

        // CC would send the copy elsewhere, too; the broker takes no user_id but that of the connection.
        headers.Remove("CC");
        headers.Remove(WireHeaders.DeliveryCount);
        headers.Remove(WireHeaders.LibrarySequence);
        if (copy.IsUserIdPresent())
        {
            headers[WireHeaders.UserId] = copy.UserId;
            copy.ClearUserId();
        }

        copy.Headers = headers.Count == 0 ? null : headers;
        return copy;
    }
}
