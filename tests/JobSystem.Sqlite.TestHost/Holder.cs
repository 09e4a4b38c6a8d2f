using System.Text;
using JobSystem.Transports;

namespace JobSystem.Sqlite.TestHost;

/// <summary>
/// Consumes a queue at the seam and settles only what it is told to. Says <c>ready</c>, <c>delivered TAG TEXT</c>
/// and <c>closed KIND</c>; hears <c>ack TAG</c>, answered with <c>sent TAG</c>, and <c>close</c>.
/// </summary>
internal sealed class Holder : IConsumerListener, IConnectionListener
{
    public static async Task RunAsync(SqliteOptions options, string queue, int prefetch)
    {
        var holder = new Holder();
        await using var connection = await new SqliteTransport(options).ConnectAsync("holder", holder);
        var settings = new ConsumerSettings(queue, Lane.Work, prefetch);
        await using var channel = await connection.ConsumeAsync(settings, holder);
        Program.Say("ready");
        await foreach (var line in Program.HearAsync())
        {
            if (line == "close")
            {
                return;
            }

            var tag = line.Split(' ')[1];
            channel.Ack(ulong.Parse(tag), multiple: false);
            Program.Say($"sent {tag}");
        }
    }

    public void OnDelivery(Delivery delivery) =>
        Program.Say($"delivered {delivery.Tag} {Encoding.UTF8.GetString(delivery.Job.Body.Span)}");

    void IConsumerListener.OnClosed(TransportFailure failure) => Program.Say($"closed {failure.Kind}");

    void IConnectionListener.OnClosed(TransportFailure failure) => Program.Say($"lost {failure.Kind}");

    public void OnBlocked(string reason) => Program.Say($"blocked {reason}");

    public void OnUnblocked() => Program.Say("unblocked");
}
