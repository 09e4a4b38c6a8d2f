using Akka.Actor;
using Akka.Hosting;
using JobSystem;

namespace OwnActorSystem;

/// <summary>A job: ship an item.</summary>
public sealed record ShipOrder(string Item);

/// <summary>Asks the warehouse for an item. The answer is a value.</summary>
public sealed record Take(string Job, string Item);

/// <summary>It is taken.</summary>
public sealed record Taken;

/// <summary>There is none left.</summary>
public sealed record SoldOut;

/// <summary>An actor of the application's own. Each job takes one item, however often it asks.</summary>
public sealed class Warehouse(int stock) : UntypedActor
{
    private readonly HashSet<string> _served = new(StringComparer.Ordinal);
    private int _stock = stock;

    protected override void OnReceive(object message)
    {
        if (message is not Take take)
        {
            Unhandled(message);
        }
        else if (_served.Contains(take.Job))
        {
            Sender.Tell(new Taken());
        }
        else if (_stock == 0)
        {
            Sender.Tell(new SoldOut());
        }
        else
        {
            _stock--;
            _served.Add(take.Job);
            Sender.Tell(new Taken());
        }
    }
}

/// <summary>A handler runs outside of the actors; it talks to them by messages.</summary>
public sealed class ShipOrderHandler(IRequiredActor<Warehouse> warehouse) : IJobHandler<ShipOrder>
{
    public async Task HandleAsync(ShipOrder job, JobContext context, CancellationToken cancellationToken)
    {
        var answer = await warehouse.ActorRef.Ask(new Take(context.Id.Value, job.Item), cancellationToken);
        if (answer is SoldOut)
        {
            throw new JobNotRetryableException($"No {job.Item} is left.");
        }
    }
}

/// <summary>Hears what happens to jobs in this process.</summary>
public sealed class Audit(TextWriter output) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JobSucceeded job:
                output.WriteLine($"succeeded {job.Id}");
                break;
            case JobDeadLettered job:
                output.WriteLine($"dead-lettered {job.Id}: {job.Failure.Error}");
                break;
        }
    }
}
