using JobSystem.Cli.Arguments;
using JobSystem.Cli.Output;

namespace JobSystem.Cli.Demo;

/// <summary>The end of a demo in words.</summary>
internal static class DemoVerdict
{
    public static void Write(Screen screen, DemoResult result)
    {
        foreach (var line in Lines(result))
        {
            screen.Out.WriteLine(line);
        }

        var (good, bad) = screen.Colours && screen.IsOutTerminal ? ("\e[1;32m", "\e[1;31m") : ("", "");
        var end = good.Length > 0 ? "\e[0m" : "";
        screen.Out.WriteLine(result.IsGood
            ? $"{good}Nothing is lost: every confirmed job is finished, and every output is right.{end}"
            : $"{bad}Not good: see above.{end}");
    }

    private static IEnumerable<string> Lines(DemoResult result)
    {
        yield return "";
        yield return $"  confirmed   {result.Confirmed,6}   of {result.Jobs}";
        yield return $"  finished    {result.Finished,6}   outputs verified by their SHA-256; {result.WrongOutputs} wrong";
        yield return $"  run twice   {result.RunTwice,6}   {(result.RunTwice == 0 ? "" : "their worker was killed while they ran")}".TrimEnd();
        yield return $"  lost        {result.Lost,6}";
        if (result.DeadLetters > 0 || result.LeftInQueue > 0)
        {
            yield return $"  dead letters {result.DeadLetters,5}   left in the queue {result.LeftInQueue}";
        }

        if (!result.StoppedCleanly)
        {
            yield return "  a worker that was asked to stop could not account for all of its jobs";
        }

        yield return "";
        yield return $"  {result.Kills} worker killed in the middle; all done in {DurationText.Format(result.Elapsed)}.";
    }
}
