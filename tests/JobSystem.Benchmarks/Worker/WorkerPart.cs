using System.Diagnostics;
using JobSystem.Benchmarks.Brokers;
using JobSystem.Benchmarks.Goals;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;
using JobSystem.Benchmarks.Scaling;
using JobSystem.Transports;

namespace JobSystem.Benchmarks.Worker;

/// <summary>What a worker process needs: memory when idle and for each job in flight, time to its first job.</summary>
internal sealed class WorkerPart() : Part(
    "worker", "memory of an idle worker and of a job in flight; from the start of jobs worker to its first job")
{
    private const int Rounds = 7;
    private const int InFlight = 10_000;
    private static readonly byte[] _body = new byte[200];
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(2);

    public override async Task<Section> RunAsync(Bench bench)
    {
        var (broker, rounds) = (await bench.BrokerAsync(), bench.Effort.Rounds(Rounds));
        var runs = await Turns.TakeAsync<double>(bench, "worker", rounds,
        [
            new("first job", _ => FirstJobAsync(broker, bench.Cancel)),
            new("idle", _ => IdleAsync(broker, bench.Cancel)),
            new("jobs in flight", _ => InFlightAsync(broker, bench.Cancel)),
        ]);
        var section = new Section("Worker process",
            $"A quorum queue; {rounds} rounds by turns, each with a new process. The first job waits in the queue: " +
            "from the start of the process until its command's output has come through. Idle: resident memory of " +
            $"jobs worker, with the shell that guards its commands, {_settling.TotalSeconds} s after it began to " +
            $"consume. In flight: {InFlight:N0} jobs of {_body.Length} B that a process has taken and not " +
            "finished; growth of its managed memory after a collection, without the payload.");
        var table = new TextTable("", "median (min to max)");
        Add("start of jobs worker to the first job's output", Measure.FirstJobSeconds, 0, Words.Seconds);
        Add("memory of an idle jobs worker", Measure.IdleWorkerBytes, 1, Words.Bytes);
        Add("memory of a job in flight, beside its payload", Measure.BytesPerJobInFlight, 2, Words.Bytes);
        section.Tables.Add(("on RabbitMQ", table));
        return section;

        void Add(string name, Measure measure, int turn, Func<double, string> word)
        {
            var spread = section.Figures[measure] = new Spread(runs[turn]);
            table.Add(name, spread.Say(word));
        }
    }

    private static async Task<double> FirstJobAsync(BenchBroker broker, CancellationToken cancel)
    {
        var queue = await NewQueueAsync(broker, jobs: 1, cancel);
        TimeSpan took;
        await using (var worker = JobsWorker.Start(broker.Uri, queue, "echo", "done"))
        {
            await worker.FirstOutputAsync(cancel);
            took = Stopwatch.GetElapsedTime(worker.StartedAt);
        }

        await broker.DeleteAsync(queue);
        return took.TotalSeconds;
    }

    private static async Task<double> IdleAsync(BenchBroker broker, CancellationToken cancel)
    {
        var queue = await NewQueueAsync(broker, jobs: 0, cancel);
        double memory;
        await using (var worker = JobsWorker.Start(broker.Uri, queue, "true"))
        {
            await worker.ConsumesAsync(cancel);
            await Task.Delay(_settling, TimeProvider.System, cancel);
            memory = worker.Gauge.Memory;
        }

        await broker.DeleteAsync(queue);
        return memory;
    }

    private static async Task<double> InFlightAsync(BenchBroker broker, CancellationToken cancel)
    {
        var queue = await NewQueueAsync(broker, jobs: 0, cancel);
        await using var worker = WorkerChild.Start(broker.Uri);
        await worker.HoldAsync(queue, InFlight, cancel);
        var before = await worker.HeapAsync(cancel);
        await using (var filler = await broker.OpenAsync())
        {
            await filler.FillAsync(queue, InFlight, _body, cancel);
        }

        await WorkerChild.AwaitAsync([worker], all => all[0].InHand == InFlight, cancel);
        var after = await worker.HeapAsync(cancel);
        await worker.StopAsync(cancel);
        await broker.DeleteAsync(queue);
        return (double)(after.Heap - before.Heap) / InFlight - _body.Length;
    }

    private static async Task<string> NewQueueAsync(BenchBroker broker, int jobs, CancellationToken cancel)
    {
        var queue = broker.NewQueue();
        await broker.DeclareAsync(queue, QueueKind.Quorum);
        await using var filler = await broker.OpenAsync();
        await filler.FillAsync(queue, jobs, _body, cancel);
        return queue;
    }
}
