using JobSystem;
using Microsoft.AspNetCore.Mvc;
using WebApi;

var builder = WebApplication.CreateBuilder(args);
var broker = builder.Configuration["Broker"] ?? "jobs.db";

builder.Services.AddSingleton<WordCounts>();
builder.Services.AddProblemDetails();
builder.Services.AddJobSystem(jobs => jobs      // adds two health checks, tagged live and ready
    .UseSqlite(broker)
    .AddQueue("texts")                          // appsettings.json says how many at a time
    .AddHandler<CountWords, CountWordsHandler>("count-words", job => job.Queue("texts")));

var app = builder.Build();

app.MapPost("/jobs", async (
    CountWords job,
    [FromHeader(Name = "Idempotency-Key")] string? key,
    JobClient client,
    CancellationToken cancellationToken) =>
{
    if (key is not null && !JobId.TryParse(key, out _))
    {
        return Results.Problem($"Idempotency-Key: 1 to {JobId.MaxBytes} bytes.", statusCode: 400);
    }

    // The same id twice is the same job: a caller that got no answer asks again.
    var options = new EnqueueOptions { Id = key is null ? null : new JobId(key) };
    try
    {
        var id = await client.EnqueueAsync(job, options, cancellationToken);
        return Results.Accepted($"/jobs/{Uri.EscapeDataString(id.Value)}", new { id = id.Value });
    }
    catch (Exception error) when (error is EnqueueRejectedException or EnqueueUnknownException)
    {
        return Results.Problem(error.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
});

app.MapGet("/jobs/{id}", (string id, WordCounts counts) =>
    counts.Find(id) is { } words ? Results.Ok(new { id, words }) : Results.NotFound());

app.MapHealthChecks("/health");
app.MapHealthChecks("/health/live", new() { Predicate = check => check.Tags.Contains("live") });
app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains("ready") });

app.Run();
