using System.Globalization;
using System.Text;
using JobSystem.Chaos.Verification.Texts;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Cli.Controls;

/// <summary>
/// Shows how the judge does: a row of a table as soon as a trial has ended, at a terminal with a line below that says
/// what is under way; or a JSON object each. May be called from several threads.
/// </summary>
internal sealed class TrialView
{
    private readonly Lock _gate = new();
    private readonly Screen _screen;
    private readonly bool _isJson;
    private readonly bool _isTerminal;
    private readonly int _count;
    private readonly int[] _widths;
    private readonly List<Trial> _underWay = [];
    private int _ended;

    public TrialView(Screen screen, bool json, IReadOnlyList<Trial> trials)
    {
        (_screen, _isJson, _count) = (screen, json, trials.Count);
        _isTerminal = !json && screen is { IsOutTerminal: true, Colours: true };
        _widths =
        [
            7, trials.Select(trial => trial.Name.Length).Append(4).Max(),
            trials.Select(trial => $"{trial.Prediction}".Length).Append(9).Max(),
            7,
        ];
        if (!json)
        {
            _screen.Out.WriteLine(Row("KIND", "NAME", "PREDICTED", "SECONDS", "FOUND"));
        }
    }

    public void Begin(Trial trial)
    {
        lock (_gate)
        {
            _underWay.Add(trial);
            Draw("");
        }
    }

    public void End(TrialResult result)
    {
        lock (_gate)
        {
            _ended++;
            _underWay.Remove(result.Trial);
            Draw(_isJson ? Json(result) : Row(result));
        }
    }

    /// <summary>What it all says.</summary>
    public void Conclude(IReadOnlyList<TrialResult> results, TimeSpan took)
    {
        int Count(TrialEnd end) => results.Count(result => result.End == end);
        if (_isJson)
        {
            _screen.Out.WriteLine(JsonLine.Of(
                ("event", "result"), ("trials", results.Count), ("asPredicted", Count(TrialEnd.AsPredicted)),
                ("surprises", Count(TrialEnd.Surprise)), ("notApplicable", Count(TrialEnd.NotApplicable)),
                ("notRun", Count(TrialEnd.NotRun)), ("seconds", took)));
            return;
        }

        _screen.Out.WriteLine("");
        foreach (var result in results.Where(result => result.End != TrialEnd.AsPredicted))
        {
            _screen.Out.WriteLine($"{InWords(result)}{(result.Folder is { } folder ? $" ({folder})" : "")}");
        }

        _screen.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{results.Count} trials in {took.TotalSeconds:0} s: {Count(TrialEnd.AsPredicted)} as predicted, " +
            $"{Count(TrialEnd.Surprise)} surprises, {Count(TrialEnd.NotApplicable)} not applicable, " +
            $"{Count(TrialEnd.NotRun)} not run."));
    }

    /// <summary>One that is not as predicted, in a sentence.</summary>
    public static string InWords(TrialResult result) => (result.End, result.Trial.Kind) switch
    {
        (TrialEnd.NotApplicable, _) => $"{result.Trial.Name}: does not apply here: {result.Why}",
        (TrialEnd.NotRun, _) => $"{result.Trial.Name}: could not be run: {result.Why}",
        (_, TrialKind.Mutant) when result.Found == "pass" =>
            $"{result.Trial.Name}: the mutant survived: {result.Trial.About}",
        (_, TrialKind.Twin) => $"{result.Trial.Name}: a twin must pass: {result.Why}",
        _ => $"{result.Trial.Name}: {result.Why}",
    };

    private void Draw(string staying)
    {
        var line = staying.Length > 0 ? staying + '\n' : "";
        if (!_isTerminal)
        {
            _screen.Out.Write(Encoding.UTF8.GetBytes(line));
            return;
        }

        var foot = string.Join(", ", _underWay.Select(trial => trial.Name));
        var text = $"\r\e[K{line}" + (foot.Length > 0
            ? $"\e[36m│\e[0m {Printable.FirstLine($"{_ended} of {_count}; under way: {foot}", Width())}"
            : "");
        _screen.Out.Write(Encoding.UTF8.GetBytes(text));
    }

    private string Row(TrialResult result)
    {
        var (mark, colour) = result.End switch
        {
            TrialEnd.AsPredicted => (result.Found, "32"),
            TrialEnd.NotApplicable => ("not applicable", "33"),
            TrialEnd.NotRun => ("NOT RUN", "31"),
            _ => ($"SURPRISE: {result.Found}", "31"),
        };
        return Row(
            KebabCase.Of($"{result.Trial.Kind}"), result.Trial.Name, $"{result.Trial.Prediction}",
            result.Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),
            _isTerminal ? $"\e[{colour}m{mark}\e[0m" : mark);
    }

    private string Row(string kind, string name, string predicted, string seconds, string found) =>
        $"{kind.PadRight(_widths[0])}  {name.PadRight(_widths[1])}  {predicted.PadRight(_widths[2])}  " +
        $"{seconds.PadLeft(_widths[3])}  {found}";

    private static string Json(TrialResult result) => JsonLine.Of(
        ("event", "trial"), ("kind", KebabCase.Of($"{result.Trial.Kind}")), ("name", result.Trial.Name),
        ("predicted", $"{result.Trial.Prediction}"), ("found", result.Found),
        ("end", KebabCase.Of($"{result.End}")), ("why", result.Why), ("seconds", result.Took),
        ("folder", result.Folder));

    /// <summary>A line that breaks could not be taken away again.</summary>
    private static int Width() => Math.Max(40, Console.WindowWidth) - 3;
}
