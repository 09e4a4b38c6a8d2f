using System.Text;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using JobSystem.Transports.InMemory;
using Xunit;

namespace JobSystem.Tests.Transports;

/// <summary>What the tests say in one word.</summary>
public sealed partial class InMemoryBrokerTests
{
    private static Job JobOf(string text) => new() { Id = new JobId(text[..1]), Body = Encoding.UTF8.GetBytes(text) };

    private static string TextOf(Delivery delivery) => Encoding.UTF8.GetString(delivery.Job.Body.Span);

    private static (string Text, bool Redelivered, int? Losses) Facts(Delivery delivery) =>
        (TextOf(delivery), delivery.Redelivered, delivery.Losses);

    private IEnumerable<string> TextsOf(string queue) =>
        _broker.JobsOf(queue).Select(job => Encoding.UTF8.GetString(job.Body.Span));

    private ITransportConnection Connect() =>
        Now(new InMemoryTransport(_broker).ConnectAsync("again", new ProbeConnection()));

    private IPublisherChannel OpenPublisher() => Now(_connection.OpenPublisherAsync(_publisherProbe));

    private IConsumerChannel Consume(int prefetch, ProbeConsumer? probe = null, ITransportConnection? on = null) =>
        Now((on ?? _connection).ConsumeAsync(
            new ConsumerSettings("q", Lane.Work, prefetch), probe ?? _consumerProbe));

    private void Publish(IPublisherChannel publisher, params string[] texts)
    {
        foreach (var text in texts)
        {
            publisher.Publish((ulong)++_numbers, JobOf(text), new Destination("q"));
        }
    }

    private T Now<T>(Task<T> task)
    {
        RunDue();
        Assert.True(task.IsCompleted, "The broker did something by itself outside its turn.");
        return task.GetAwaiter().GetResult();
    }

    private void RunDue()
    {
        while (_due.TryDequeue(out var action))
        {
            action();
        }
    }

    private sealed class Listener(List<(ulong, bool)> confirms) : IPublisherListener
    {
        public void OnConfirmed(ulong number, bool multiple) => confirms.Add((number, multiple));

        public void OnRejected(ulong number, string reason) => Assert.Fail(reason);

        public void OnClosed(TransportFailure failure) => Assert.Fail(failure.Text);
    }
}
