using System.Globalization;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;
using Spectre.Console;

namespace JobSystem.Cli.Demo;

/// <summary>Shows a demo as it goes. Called from several threads.</summary>
internal interface IDemoView : IDisposable
{
    /// <summary>Something happened.</summary>
    void Tell(string happened);

    void Show(DemoSnapshot snapshot);

    void Conclude(DemoResult result);
}

/// <summary>Lines, for a pipe or a log: what happened, and each tenth of the way.</summary>
internal sealed class DemoLines(Screen screen, TimeProvider clock) : IDemoView
{
    private readonly long _startedAt = clock.GetTimestamp();
    private int _tenths;

    public void Tell(string happened) => screen.Out.WriteLine($"{Time()}  {Printable.Lines(happened)}");

    public void Show(DemoSnapshot snapshot)
    {
        var tenths = snapshot.Finished * 10 / snapshot.Jobs;
        if (tenths > _tenths)
        {
            _tenths = tenths;
            Tell($"{snapshot.Finished} of {snapshot.Jobs} finished");
        }
    }

    public void Conclude(DemoResult result) => DemoVerdict.Write(screen, result);

    public void Dispose()
    {
    }

    private string Time() =>
        clock.GetElapsedTime(_startedAt).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture).PadLeft(7);
}

/// <summary>JSON objects, one per line, for programs.</summary>
internal sealed class DemoJson(Screen screen) : IDemoView
{
    private int _finished = -1;

    public void Tell(string happened) =>
        screen.Out.WriteLine(JsonLine.Of(("event", "happened"), ("text", happened)));

    public void Show(DemoSnapshot snapshot)
    {
        if (snapshot.Finished != _finished)
        {
            _finished = snapshot.Finished;
            screen.Out.WriteLine(JsonLine.Of(("event", "progress"), ("confirmed", snapshot.Confirmed),
                ("finished", snapshot.Finished), ("runTwice", snapshot.RunTwice), ("seconds", snapshot.Elapsed)));
        }
    }

    public void Conclude(DemoResult result) => screen.Out.WriteLine(JsonLine.Of(
        ("event", "result"), ("jobs", result.Jobs), ("confirmed", result.Confirmed), ("finished", result.Finished),
        ("runTwice", result.RunTwice), ("deadLetters", result.DeadLetters), ("lost", result.Lost),
        ("wrongOutputs", result.WrongOutputs), ("leftInQueue", result.LeftInQueue), ("kills", result.Kills),
        ("stoppedCleanly", result.StoppedCleanly), ("seconds", result.Elapsed), ("good", result.IsGood)));

    public void Dispose()
    {
    }
}

/// <summary>A live table, for a person at a terminal; what happened scrolls above it.</summary>
internal sealed class DemoLive : IDemoView
{
    private const int BarWidth = 40;

    private readonly Screen _screen;
    private readonly Lock _gate = new();
    private readonly Queue<string> _happened = new();
    private readonly TaskCompletionSource _over = new();
    private readonly Task _live;
    private LiveDisplayContext? _context;
    private DemoSnapshot? _last;

    public DemoLive(Screen screen)
    {
        _screen = screen;
        _live = AnsiConsole.Live(new Text("")).StartAsync(context =>
        {
            _context = context;
            return _over.Task;
        });
    }

    public void Tell(string happened)
    {
        lock (_gate)
        {
            _happened.Enqueue(happened);
            Draw();
        }
    }

    public void Show(DemoSnapshot snapshot)
    {
        lock (_gate)
        {
            _last = snapshot;
            Draw();
        }
    }

    public void Conclude(DemoResult result)
    {
        Dispose();
        DemoVerdict.Write(_screen, result);
    }

    public void Dispose()
    {
        if (_over.TrySetResult())
        {
            _live.GetAwaiter().GetResult();
        }
    }

    private void Draw()
    {
        var rows = new List<Spectre.Console.Rendering.IRenderable>();
        rows.AddRange(_happened.Select(line => new Markup($"[grey]·[/] {Markup.Escape(Printable.Lines(line))}")));
        if (_last is { } last)
        {
            rows.Add(Bar(last));
            rows.Add(Workers(last));
        }

        _context?.UpdateTarget(new Rows(rows));
    }

    private static Markup Bar(DemoSnapshot now)
    {
        var filled = now.Finished * BarWidth / now.Jobs;
        return new Markup($"[green]{new string('█', filled)}[/][grey]{new string('░', BarWidth - filled)}[/] " +
            $"[bold]{now.Finished}[/] of {now.Jobs} finished, {now.Confirmed} confirmed, " +
            $"{DurationText.Format(now.Elapsed)}");
    }

    private static Spectre.Console.Table Workers(DemoSnapshot now)
    {
        var table = new Spectre.Console.Table().Border(TableBorder.Rounded)
            .AddColumns("worker", "state", "running", "finished");
        foreach (var worker in now.Workers)
        {
            var state = worker.State == "killed" ? "[red]killed[/]" : worker.State;
            table.AddRow(worker.Name, state, $"{worker.Running}", $"{worker.Done}");
        }

        return table;
    }
}
