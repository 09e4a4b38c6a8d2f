using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace JobSystem.Benchmarks.Scaling;

/// <summary>The plain client takes so many jobs from the head of a queue, and acks each.</summary>
internal static class PlainHead
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(1);

    /// <returns>Jobs a second, from the first delivery to the last ack.</returns>
    public static async Task<double> RunAsync(Uri broker, string queue, int jobs, CancellationToken cancel)
    {
        var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync(cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        await channel.BasicQosAsync(0, ScalingPart.Slots, false, cancel);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (seen, firstAt, lastAt) = (0, 0L, 0L);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivered) =>
        {
            firstAt = seen == 0 ? Stopwatch.GetTimestamp() : firstAt;
            if (++seen > jobs)
            {
                return; // goes back when the channel is closed
            }

            await channel.BasicAckAsync(delivered.DeliveryTag, multiple: false);
            if (seen == jobs)
            {
                lastAt = Stopwatch.GetTimestamp();
                done.SetResult();
            }
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancel);
        await done.Task.WaitAsync(_deadline, TimeProvider.System, cancel);
        return jobs / Stopwatch.GetElapsedTime(firstAt, lastAt).TotalSeconds;
    }
}
