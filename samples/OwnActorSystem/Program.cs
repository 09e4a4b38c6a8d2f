using Akka.Actor;
using Akka.Hosting;
using JobSystem;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OwnActorSystem;

var builder = Host.CreateApplicationBuilder(args);
var broker = builder.Configuration["Broker"] ?? "jobs.db";

builder.Services
    .AddAkka("shop", akka => akka
        .WithActors((system, registry) =>
        {
            registry.Register<Warehouse>(system.ActorOf(Props.Create(() => new Warehouse(2)), "warehouse"));
            var audit = system.ActorOf(Props.Create(() => new Audit(Console.Out)), "audit");
            system.EventStream.Subscribe(audit, typeof(JobEvent));
        })
        .WithJobSystem(jobs => jobs             // as /user/jobsystem; drained by CoordinatedShutdown
            .UseSqlite(broker)
            .AddQueue("orders", queue => queue.Concurrency(4))
            .AddHandler<ShipOrder, ShipOrderHandler>("ship-order", job => job
                .Queue("orders").Retry(Retry.Every(TimeSpan.FromSeconds(1), maxAttempts: 3)))))
    .AddJobClient();                            // JobClient and JobHost in the container
builder.Services.AddHealthChecks().AddJobSystem();

using var host = builder.Build();
await host.StartAsync();

var client = host.Services.GetRequiredService<JobClient>();
foreach (var item in (string[])["kettle", "teapot", "samovar"])
{
    await client.EnqueueAsync(new ShipOrder(item));
}

await host.WaitForShutdownAsync();
