using Akka.Actor;
using Akka.Dispatch;
using JobSystem.Handlers;

namespace JobSystem.Processing;

/// <summary>
/// One run of a job: what its worker knows of it, the work itself, which is done outside of the actor, and the message
/// that the work is over. One object for the three, since each costs at every job.
/// Everything but <see cref="Returned"/> is the worker's own.
/// </summary>
#pragma warning disable CA1001 // without a timer or a handle a CancellationTokenSource owns nothing
internal sealed class JobRun(WorkerMessage.Begin begin, JobContext context, IActorRef worker)
    : IRunnable, IHandlerCaller, IWorkerMessage
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _token = new();

    public long Run => begin.Run;

    public Job Job => begin.Job;

    public Lane Lane => begin.Lane;

    public bool CanBeRejected => begin.CanBeRejected;

    public HandlerBinding? Binding => begin.Binding;

    public TimeSpan Timeout => begin.Job.Timeout ?? begin.Binding!.Timeout;

    /// <summary>What the handler returned; null: it obeyed its token. Set before the worker is told.</summary>
    public JobOutcome? Returned { get; private set; }

    public bool HasTimeout { get; set; }

    public bool IsCancelled { get; set; }

    /// <summary>What it means when the handler obeys its token.</summary>
    public JobOutcome WhenCancelled { get; set; } = JobOutcome.Released.Instance;

    public JobOutcome? Outcome { get; set; }

    /// <summary>Not null: it is decided, and perhaps not durable yet.</summary>
    public Settlement? Settlement { get; set; }

    /// <summary>Neither the successor nor a dead letter is taken, and its runner knows it.</summary>
    public bool IsStuck { get; set; }

    /// <summary>How often the broker has rejected the successor.</summary>
    public int Rejections { get; set; }

    /// <summary>Calls what the handler registered, which may block, or throw an <see cref="AggregateException"/>.
    /// </summary>
    public void CancelToken() => _token.Cancel();

    void IRunnable.Run() =>
        _ = HandlerInvocation.RunAsync(begin.Binding!, context, begin.Job, this, _token.Token);

    void IThreadPoolWorkItem.Execute() => ((IRunnable)this).Run();

    void IHandlerCaller.OnReturned(JobOutcome? outcome)
    {
        Returned = outcome;
        worker.Tell(this, ActorRefs.NoSender);
    }
}
