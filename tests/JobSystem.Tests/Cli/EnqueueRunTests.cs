using System.Text;
using System.Text.Json;
using JobSystem.Cli;
using JobSystem.Cli.Enqueueing;
using JobSystem.Terminal.Brokers;
using JobSystem.TestKit;
using JobSystem.Transports.InMemory;
using Xunit;

namespace JobSystem.Tests.Cli;

public sealed class EnqueueRunTests : IDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    private readonly InMemoryBroker _broker = new();
    private readonly TestScreen _screen = new();

    public void Dispose()
    {
        _broker.Dispose();
        _screen.Dispose();
    }

    [Fact]
    public async Task Every_line_becomes_a_job_in_its_order_and_each_confirmed_one_is_printed()
    {
        var input = string.Concat(Enumerable.Range(1, 3000).Select(number => $"body {number}\n"));

        Assert.Equal(ExitCode.Done, await RunAsync(LinesOf(input)));

        var jobs = _broker.JobsOf("q");
        Assert.Equal(jobs.Select(job => job.Id.Value), _screen.Out);
        Assert.Equal(
            Enumerable.Range(1, 3000).Select(number => $"body {number}"),
            jobs.Select(job => Encoding.UTF8.GetString(job.Body.Span)));
        Assert.Empty(_screen.Error);
    }

    [Fact]
    public async Task What_was_asked_for_travels_with_the_job()
    {
        var options = new EnqueueOptions
        {
            Queue = "q",
            Id = new JobId("mine"),
            Type = "t",
            ContentType = "text/plain",
            Priority = 7,
            Timeout = TimeSpan.FromMinutes(2),
            Headers = new Dictionary<string, object?> { ["user"] = "42" },
        };

        Assert.Equal(ExitCode.Done, await RunAsync(Given("x"), options));

        var job = Assert.Single(_broker.JobsOf("q"));
        Assert.Equal(["mine"], _screen.Out);
        Assert.Equal(("mine", "t", "text/plain"), (job.Id.Value, job.Type, job.ContentType));
        Assert.Equal(((byte?)7, TimeSpan.FromMinutes(2)), (job.Priority, job.Timeout));
        Assert.Equal("42", job.Headers["user"]);
    }

    [Fact]
    public async Task A_rejected_job_is_told_and_the_others_are_sent()
    {
        _broker.RejectPublishes(1, "the queue is full");

        Assert.Equal(ExitCode.Failed, await RunAsync(Given("a", "b", "c")));

        Assert.Equal(2, _screen.Out.Length);
        Assert.Contains("the queue is full", Assert.Single(_screen.Error));
    }

    [Fact]
    public async Task A_job_that_is_not_confirmed_in_time_is_unknown()
    {
        _broker.DelayConfirms(1, _deadline);

        var exitCode = await RunAsync(
            Given("a"), new EnqueueOptions { Queue = "q", Deadline = TimeSpan.FromMilliseconds(300) }, json: true);

        Assert.Equal(ExitCode.Unknown, exitCode);
        var told = JsonDocument.Parse(Assert.Single(_screen.Out)).RootElement;
        Assert.Equal("unknown", told.GetProperty("result").GetString());
        Assert.NotEmpty(told.GetProperty("id").GetString()!);
        Assert.NotEmpty(told.GetProperty("reason").GetString()!);
    }

    [Fact]
    public async Task A_broker_that_refuses_access_ends_it_at_once_with_its_words()
    {
        _broker.RefuseAccess("wrong password");

        var refused = await Assert.ThrowsAsync<NoBrokerException>(() => RunAsync(Given("a"), connect: _deadline));

        Assert.Contains("wrong password", refused.Message);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_given_up_after_the_patience_and_named()
    {
        _broker.Stop();
        var clock = new VirtualTime();

        var run = RunAsync(Given("a"), connect: TimeSpan.FromMilliseconds(200), clock: clock);
        await _screen.ErrorTellsAsync("The broker is down.");
        clock.Advance(TimeSpan.FromMilliseconds(200));

        var absent = await Assert.ThrowsAsync<NoBrokerException>(() => run);

        Assert.Contains("within 200 ms", absent.Message);
        Assert.Contains("The broker is down.", absent.Message);
    }

    [Fact]
    public async Task Input_that_breaks_off_is_told_and_what_was_confirmed_stays()
    {
        Assert.Equal(ExitCode.Failed, await RunAsync(new Bodies.LinesOf(new BrokenStream("one\ntwo\n"))));

        Assert.Equal(2, _screen.Out.Length);
        Assert.Contains("2 jobs are confirmed", Assert.Single(_screen.Error));
    }

    private Task<int> RunAsync(
        Bodies bodies, EnqueueOptions? options = null, TimeSpan? connect = null, bool json = false,
        TimeProvider? clock = null)
    {
        var settings = new EnqueueSettings
        {
            Job = options ?? new EnqueueOptions { Queue = "q", Deadline = _deadline },
            Source = bodies,
            ConnectTimeout = connect ?? _deadline,
            Json = json,
        };
        return new EnqueueRun(
            settings, new BrokerAddress.Memory(_broker), _screen.Screen, clock ?? TimeProvider.System, new Random(1))
            .RunAsync().WaitAsync(_deadline);
    }

    private static Bodies.LinesOf LinesOf(string text) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static Bodies.Given Given(params IEnumerable<string> bodies) =>
        new([.. bodies.Select(body => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(body))]);

    /// <summary>Gives what it has, then fails as a broken disk does.</summary>
    private sealed class BrokenStream(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is var read and > 0
                ? read
                : throw new IOException("The disk is broken.");
    }
}
