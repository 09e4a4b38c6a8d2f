using JobSystem.Actors;

namespace JobSystem.Benchmarks.Kernel;

/// <summary>
/// What a ping-pong plays with; it is one object all along, so that only the kernel's own cost is seen.
/// </summary>
internal sealed record Ball(ActorRef<Ball> Ping, ActorRef<Ball> Pong);

/// <summary>Counts to an end.</summary>
internal sealed class Counter(int messages, TaskCompletionSource done) : Actor<Ball>
{
    private int _received;

    protected override void Receive(Ball message)
    {
        if (++_received == messages)
        {
            done.SetResult();
        }
    }
}

/// <summary>Plays the ball back so often.</summary>
internal sealed class Player(int rallies, TaskCompletionSource done) : Actor<Ball>
{
    private int _received;

    protected override void Receive(Ball message)
    {
        if (++_received == rallies)
        {
            done.TrySetResult();
            return;
        }

        (Context.Self == message.Ping ? message.Pong : message.Ping).Tell(message);
    }
}

internal enum JobKind
{
    Synchronous,
    Piped,
    Watched,
}

internal abstract record RunnerMessage
{
    private RunnerMessage()
    {
    }

    public sealed record Begin(int Concurrency) : RunnerMessage;

    public sealed record Finished(int Job) : RunnerMessage;

    public sealed record Ended(int Job) : RunnerMessage;
}

/// <summary>Keeps so many jobs going, each an actor of its own.</summary>
internal sealed class Runner(int jobs, JobKind kind, TaskCompletionSource done) : Actor<RunnerMessage>
{
    private int _begun;
    private int _finished;

    protected override void Receive(RunnerMessage message)
    {
        switch (message)
        {
            case RunnerMessage.Begin begin:
                for (int job = 0; job < begin.Concurrency; job++)
                {
                    Begin();
                }

                break;
            case RunnerMessage.Finished when kind != JobKind.Watched:
            case RunnerMessage.Ended:
                if (++_finished == jobs)
                {
                    done.SetResult();
                }
                else if (_begun < jobs)
                {
                    Begin();
                }

                break;
        }
    }

    private void Begin()
    {
        int number = _begun++;
        ActorRef<JobMessage> job = Context.Spawn(() => new Job(Context.Self, kind == JobKind.Piped));
        if (kind == JobKind.Watched)
        {
            Context.Watch(job, new RunnerMessage.Ended(number));
        }

        job.Tell(new JobMessage.Run(number));
    }
}

internal abstract record JobMessage
{
    private JobMessage()
    {
    }

    public sealed record Run(int Job) : JobMessage;

    public sealed record Done(int Job) : JobMessage;
}

/// <summary>One job: replies and stops; with a pipe, after work outside.</summary>
internal sealed class Job(ActorRef<RunnerMessage> runner, bool pipes) : Actor<JobMessage>
{
    protected override void Receive(JobMessage message)
    {
        switch (message)
        {
            case JobMessage.Run run when pipes:
                Context.PipeToSelf(
                    () => Task.FromResult(run.Job),
                    static job => new JobMessage.Done(job),
                    static error => throw error);
                break;
            case JobMessage.Run run:
                Finish(run.Job);
                break;
            case JobMessage.Done finished:
                Finish(finished.Job);
                break;
        }
    }

    private void Finish(int job)
    {
        runner.Tell(new RunnerMessage.Finished(job));
        Context.StopSelf();
    }
}
