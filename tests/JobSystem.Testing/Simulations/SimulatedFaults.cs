using System.Diagnostics;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Testing.Simulations;

/// <summary>Makes the plan's faults, each at its time, and ends those that last.</summary>
internal sealed class SimulatedFaults(SimulatedWorld world)
{
    /// <summary>Plays all faults; ends with the last of them.</summary>
    public Task PlayAsync() => Task.WhenAll(world.Plan.Faults.Select(PlayAsync));

    private async Task PlayAsync(Fault fault)
    {
        await Task.Delay(fault.At, world.Simulation.Time);
        world.History.Add(new HistoryEvent.FaultHappened(fault.Kind.ToString()));
        await MakeAsync(fault);
        world.History.Add(new HistoryEvent.FaultHappened($"{fault.Kind} has ended"));
    }

    private async Task MakeAsync(Fault fault)
    {
        var broker = world.Broker;
        switch (fault.Kind)
        {
            case FaultKind.ConnectionsClosed:
                broker.CloseAllConnections("An operator closed it.");
                break;
            case FaultKind.WorkerCutOff:
                var name = $"jobs/{world.Workers.At(fault.Number)?.Name}/";
                broker.LoseConnections(each => each.StartsWith(name, StringComparison.Ordinal), "The network broke.");
                break;
            case FaultKind.BrokerRestarted:
                broker.Stop();
                await LastAsync(fault);
                broker.Start();
                break;
            case FaultKind.BrokerFrozen:
                broker.Freeze();
                await LastAsync(fault);
                broker.Thaw();
                break;
            case FaultKind.PublishersBlocked:
                broker.Block("An alarm.");
                await LastAsync(fault);
                broker.Unblock();
                break;
            case FaultKind.ConsumersCancelled:
                broker.CancelConsumers(SimulatedWorld.Queue);
                break;
            case FaultKind.ConfirmsDropped:
                broker.DropConfirms(fault.Number);
                break;
            case FaultKind.ConfirmsDelayed:
                broker.DelayConfirms(fault.Number, fault.Lasts);
                break;
            case FaultKind.PublishesRejected:
                broker.RejectPublishes(fault.Number, "The broker refused it.");
                break;
            case FaultKind.AccessRefused:
                broker.RefuseAccess("Wrong password.");
                broker.CloseAllConnections("The password was changed.");
                await LastAsync(fault);
                broker.AllowAccess();
                break;
            case FaultKind.WorkerKilled:
                world.Workers.Kill(fault.Number, fault.Lasts);
                break;
            case FaultKind.WorkerReplaced:
                await world.Workers.ReplaceAsync(fault.Number, fault.Lasts);
                break;
            case FaultKind.ProducerKilled:
                await world.Producer.KillAsync(fault.Lasts);
                break;
            case FaultKind.QueueBounded:
                broker.LimitLength(SimulatedWorld.Queue, fault.Number);
                await LastAsync(fault);
                broker.LimitLength(SimulatedWorld.Queue, null);
                break;
            default:
                throw new UnreachableException($"{fault.Kind}");
        }
    }

    private Task LastAsync(Fault fault) => Task.Delay(fault.Lasts, world.Simulation.Time);
}
