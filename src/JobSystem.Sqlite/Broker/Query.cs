using JobSystem.Transports;

namespace JobSystem.Sqlite.Broker;

/// <summary>A question to the file that somebody waits for; it may change the file, too.</summary>
/// <param name="question">Asked inside the transaction. Throws a <see cref="TransportException"/> only before it
/// changes anything.</param>
/// <param name="committed">Turns what was found into the answer, when it is durable. On the writer's thread.</param>
internal sealed class Query<TFound, TAnswer>(Func<Batch, TFound> question, Func<TFound, TAnswer> committed) : Operation
{
    private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TFound? _found;
    private TransportException? _error;

    public Task<TAnswer> Answer => _answer.Task;

    public override void Execute(Batch batch)
    {
        _error = null;
        try
        {
            _found = question(batch);
        }
        catch (TransportException error)
        {
            _error = error;
        }
    }

    public override void Committed(Batch batch)
    {
        if (_error is not null)
        {
            _answer.TrySetException(_error);
        }
        else
        {
            _answer.TrySetResult(committed(_found!));
        }
    }

    public override bool TryRefuse(string reason)
    {
        _answer.TrySetException(new TransportException(new(TransportFailureKind.Unreachable, reason)));
        return true;
    }

    public override void Abandoned(TransportFailure failure) =>
        _answer.TrySetException(new TransportException(failure));
}
