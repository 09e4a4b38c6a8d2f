using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;

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
        yield return Line("confirmed", result.Confirmed, $"of {result.Jobs}");
        yield return Line("finished", result.Finished,
            $"outputs verified by their SHA-256; {result.WrongOutputs} wrong");
        yield return Line("run twice", result.RunTwice,
            result.RunTwice == 0 ? "" : "their worker was killed while they ran");
        yield return Line("lost", result.Lost, "");
        if (result.DeadLetters > 0 || result.LeftInQueue > 0)
        {
            yield return Line("dead letters", result.DeadLetters, $"left in the queue {result.LeftInQueue}");
        }

        if (!result.StoppedCleanly)
        {
            yield return "  a worker that was asked to stop could not account for all of its jobs";
        }

        yield return "";
        yield return $"  {(result.Kills == 0 ? "no" : result.Kills)} worker killed in the middle; " +
            $"all done in {DurationText.Format(result.Elapsed)}.";

        static string Line(string what, int count, string more) => $"  {what,-12} {count,6}   {more}".TrimEnd();
    }
}
