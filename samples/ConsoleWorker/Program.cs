using ConsoleWorker;
using JobSystem;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
var broker = builder.Configuration["Broker"] ?? "jobs.db";      // --Broker amqp://guest:guest@localhost
var queue = builder.Configuration["Queue"] ?? "greetings";

builder.Services.AddSingleton(Console.Out);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddJobSystem(jobs => (broker.StartsWith("amqp", StringComparison.Ordinal)
        ? jobs.UseRabbitMq(broker)
        : jobs.UseSqlite(broker))
    .AddQueue(queue, settings => settings.Concurrency(4))
    .AddHandler<Greet, GreetHandler>("greet", job => job
        .Queue(queue)
        .Timeout(TimeSpan.FromMinutes(1))
        .Retry(Retry.Exponential(maxAttempts: 5, first: TimeSpan.FromSeconds(1)))));

using var host = builder.Build();
await host.StartAsync();

// Each of these is confirmed by the broker when its call returns. A worker that only works is started without --Count.
var client = host.Services.GetRequiredService<JobClient>();
for (var number = 1; number <= builder.Configuration.GetValue("Count", 0); number++)
{
    var id = await client.EnqueueAsync(new Greet($"guest {number}"));
    Console.WriteLine($"enqueued {id}");
}

await host.WaitForShutdownAsync();      // Ctrl-C or SIGTERM: running jobs may finish, the exit code says if all is well
