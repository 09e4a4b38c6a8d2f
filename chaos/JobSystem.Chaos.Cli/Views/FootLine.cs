using System.Text;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Cli.Views;

/// <summary>
/// Lines that stay, and at a terminal one below them that says what is under way and is drawn over again and again. May
/// be called from several threads. Ends: when disposed of; the line is taken away.
/// </summary>
internal sealed class FootLine(Screen screen, bool isShown) : IDisposable
{
    private const int NarrowestTerminal = 40;

    private readonly Lock _gate = new();
    private readonly bool _isShown = isShown && screen is { IsOutTerminal: true, Colours: true };
    private string _foot = "";

    /// <summary>Colours may be used in lines that stay.</summary>
    public bool HasColours => _isShown;

    /// <summary>A line that stays.</summary>
    public void Add(string line)
    {
        lock (_gate)
        {
            Draw(line + '\n');
        }
    }

    /// <summary>What is under way; empty: nothing.</summary>
    public void Show(string foot)
    {
        lock (_gate)
        {
            _foot = foot;
            Draw("");
        }
    }

    public void Dispose() => Show("");

    private void Draw(string staying)
    {
        // A line that breaks could not be taken away again.
        var foot = _foot.Length > 0 && _isShown
            ? $"\e[36m│\e[0m {Printable.FirstLine(_foot, Math.Max(NarrowestTerminal, Console.WindowWidth) - 3)}"
            : "";
        var text = _isShown ? $"\r\e[K{staying}{foot}" : staying;
        if (text.Length > 0)
        {
            screen.Out.Write(Encoding.UTF8.GetBytes(text));
        }
    }
}
