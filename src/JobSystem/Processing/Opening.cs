namespace JobSystem.Processing;

/// <summary>
/// Something of a transport that is being opened, or is open, on behalf of an actor that may end at any moment.
/// Promises: what is abandoned is disposed of, also when it opens only afterwards.
/// </summary>
internal sealed class Opening<T>(Disposals disposals)
    where T : class, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private T? _opened;
    private bool _abandoned;

    public async Task<T> OpenAsync(Func<Task<T>> open)
    {
        var opened = await open();
        lock (_lock)
        {
            _opened = opened;
            if (!_abandoned)
            {
                return opened;
            }
        }

        disposals.Begin(opened);
        return opened;
    }

    public void Abandon()
    {
        lock (_lock)
        {
            if (_abandoned)
            {
                return;
            }

            _abandoned = true;
        }

        if (_opened is { } opened)
        {
            disposals.Begin(opened);
        }
    }
}
