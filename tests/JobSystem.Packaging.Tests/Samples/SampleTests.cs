using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace JobSystem.Packaging.Tests.Samples;

/// <summary>Each sample, started as its README says, on the embedded broker. ConsoleWorker.Tests runs by
/// itself.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jobsystem-sample-").FullName;

    [Fact]
    public async Task The_console_worker_greets_every_guest_and_drains_at_SIGTERM()
    {
        await using var sample = Start("ConsoleWorker", "--Count", "3");

        await sample.LineAsync("Hello, guest 1!");
        await sample.LineAsync("Hello, guest 2!");
        await sample.LineAsync("Hello, guest 3!");
        await sample.TerminateAsync();

        Assert.Equal(0, await sample.EndAsync());
    }

    [Fact]
    public async Task The_web_api_answers_when_the_job_is_confirmed_and_runs_it()
    {
        await using var sample = Start(
            "WebApi", "--urls", "http://127.0.0.1:0", "--contentRoot", Repository.PathOf("samples/WebApi"),
            "--Broker", Path.Combine(_folder, "jobs.db"));
        var listening = await sample.LineAsync("Now listening on: ");
        using var http = new HttpClient { BaseAddress = new Uri(listening.Split(": ")[^1]) };
        http.DefaultRequestHeaders.Add("Idempotency-Key", "text 1");

        using var posted = await http.PostAsJsonAsync("/jobs", new { text = "one two three" });
        await sample.LineAsync("Counted 3 words for job text 1.");
        using var health = await http.GetAsync("/health");
        using var live = await http.GetAsync("/health/live");
        using var ready = await http.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        Assert.Equal("Healthy", await health.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var found = await http.GetFromJsonAsync<JsonElement>(posted.Headers.Location);
        Assert.Equal(3, found.GetProperty("words").GetInt32());
    }

    [Fact]
    public async Task The_job_system_runs_in_an_actor_system_of_the_applications_own()
    {
        await using var sample = Start("OwnActorSystem");

        await sample.LineAsync("succeeded ");
        var dead = await sample.LineAsync("dead-lettered ");
        await sample.TerminateAsync();

        Assert.EndsWith(" is left.", dead, StringComparison.Ordinal);
        Assert.Equal(0, await sample.EndAsync());
        Assert.Equal(2, sample.Printed.Split("succeeded ").Length - 1);
    }

    [Fact]
    public async Task A_worker_in_Python_counts_words_and_refuses_what_is_no_text()
    {
        var jobs = Repository.Program("JobSystem.Cli", "jobs");
        var script = Repository.PathOf("samples/PythonWorker/word_count.py");
        var bad = Path.Combine(_folder, "bad");
        await File.WriteAllBytesAsync(bad, [0xff, 0xfe, 0xfd]);
        await Command.RunAsync(_folder, jobs, "enqueue", "--queue", "texts", "--id", "good", "one two three");
        await Command.RunAsync(_folder, jobs, "enqueue", "--queue", "texts", "--id", "bad", "--file", bad);

        await using (var worker = Command.Start(_folder, jobs, "worker", "--queue", "texts", "--", "python3", script))
        {
            await worker.LineAsync("""{"job": "good", "attempt": 1, "words": 3}""");
            await worker.LineAsync("is a dead letter");
            await worker.TerminateAsync();
            Assert.Equal(0, await worker.EndAsync());
        }

        var dead = await Command.RunAsync(_folder, jobs, "dead", "list", "--queue", "texts", "--json");
        Assert.Contains("\"bad\"", dead, StringComparison.Ordinal);
        Assert.Contains("not-retryable", dead, StringComparison.OrdinalIgnoreCase);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Command Start(string sample, params IEnumerable<string> arguments) =>
        Command.Start(_folder, Repository.Program(sample), arguments);
}
