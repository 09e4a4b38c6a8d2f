using JobSystem.Terminal.Output;

namespace JobSystem.Cli.Output;

/// <summary>
/// One line at the terminal that is written over again, for work that takes longer than a moment. Nothing where no
/// person reads standard error.
/// Ends: when disposed of; the line is taken away.
/// </summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(250);

    private readonly Screen _screen;
    private readonly Func<string> _words;
    private readonly Lock _gate = new();
    private ITimer? _timer;

    private Progress(Screen screen, Func<string> words) => (_screen, _words) = (screen, words);

    public static Progress Start(Screen screen, TimeProvider clock, Func<string> words)
    {
        var progress = new Progress(screen, words);
        if (screen.IsErrorTerminal && !screen.IsOutTerminal)
        {
            progress._timer = clock.CreateTimer(_ => progress.Draw(), null, 2 * _period, _period);
        }

        return progress;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_timer is not null)
            {
                _timer.Dispose();
                _timer = null;
                _screen.Error.Write("\r\e[K"u8);
            }
        }
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (_timer is not null)
            {
                _screen.Error.Write(System.Text.Encoding.UTF8.GetBytes($"\r\e[K{_words()}"));
            }
        }
    }
}
