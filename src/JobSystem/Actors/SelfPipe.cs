using Akka.Actor;
using Akka.Dispatch;

namespace JobSystem.Actors;

/// <summary>
/// The result of asynchronous work on its way back to the actor that began it. Why not Akka's <c>PipeTo</c>: it awaits
/// with <c>ConfigureAwait(false)</c>, which leaves a simulation; and a result of an earlier instance would reach the
/// new one.
/// </summary>
internal abstract class SelfPipe(ActorBase owner)
{
    /// <summary>The message to receive; null when the asking instance is not the one that began the work.</summary>
    public object? TryOpen(ActorBase instance) => ReferenceEquals(instance, owner) ? Open() : null;

    protected abstract object Open();
}

/// <inheritdoc/>
internal sealed class SelfPipe<TResult>(
    ActorBase owner, IActorRef self, Func<Task<TResult>> work,
    Func<TResult, object> onResult, Func<Exception, object> onError) : SelfPipe(owner), IRunnable
{
    private TResult? _result;
    private Exception? _error;

    public void Run() => _ = RunAsync();

    public void Execute() => Run();

    protected override object Open() => _error is null ? onResult(_result!) : onError(_error);

    private async Task RunAsync()
    {
        try
        {
            _result = await work();
        }
#pragma warning disable CA1031 // whatever it is, the actor hears of it
        catch (Exception error)
#pragma warning restore CA1031
        {
            _error = error;
        }

        self.Tell(this, ActorRefs.NoSender);
    }
}
