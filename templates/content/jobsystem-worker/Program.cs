using JobSystem;
using JobWorker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
var broker = builder.Configuration["Broker"] ?? "jobs.db";      // --Broker amqp://guest:guest@localhost

builder.Services.AddJobSystem(jobs => (broker.StartsWith("amqp", StringComparison.Ordinal)
        ? jobs.UseRabbitMq(broker)
        : jobs.UseSqlite(broker))
    .AddQueue("default")
    .AddHandler<SayHello, SayHelloHandler>("say-hello", job => job.Timeout(TimeSpan.FromMinutes(1))));

using var host = builder.Build();
await host.StartAsync();

if (builder.Configuration["Hello"] is { } name)                 // --Hello Ada
{
    var client = host.Services.GetRequiredService<JobClient>();
    await client.EnqueueAsync(new SayHello(name));              // returns when the broker has confirmed
}

await host.WaitForShutdownAsync();
