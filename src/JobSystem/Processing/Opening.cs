using JobSystem.Monitoring;
using Microsoft.Extensions.Logging;

namespace JobSystem.Processing;

/// <summary>
/// Something of a transport that is being opened, or is open, on behalf of an actor that may end at any moment.
/// Promises: what is abandoned is disposed of, also when it opens only afterwards, and nobody waits for that (a
/// dead connection may take its whole close timeout). What goes wrong then is logged; it is lost anyway.
/// </summary>
internal sealed class Opening<T>(ILogger log)
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

        _ = DisposeAsync(opened);
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
            _ = DisposeAsync(opened);
        }
    }

    private async Task DisposeAsync(T thing)
    {
        try
        {
            await thing.DisposeAsync();
        }
#pragma warning disable CA1031 // nothing of a discarded connection may harm the next one
        catch (Exception error)
#pragma warning restore CA1031
        {
            log.DisposeFailed(typeof(T).Name, error.Message);
        }
    }
}
