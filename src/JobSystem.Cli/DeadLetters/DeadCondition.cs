using System.Text.Json;
using System.Text.RegularExpressions;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Cli.DeadLetters;

/// <summary>One condition of <c>--where</c>. A closed set. Pure.</summary>
internal abstract partial record DeadCondition
{
    public const string Help = "reason=R, type=T, id=ID, error~TEXT, older-than=T";

    private static readonly string[] _reasons = [.. Enum.GetValues<FailureReason>().Select(NameOf)];

    private DeadCondition()
    {
    }

    public sealed record Reason(string Name) : DeadCondition
    {
        public override bool Holds(Job job, DateTimeOffset now) => DeadLetter.ReasonOf(job) == Name;
    }

    public sealed record Type(string Name) : DeadCondition
    {
        public override bool Holds(Job job, DateTimeOffset now) => (job.Type ?? "") == Name;
    }

    public sealed record Id(string Value) : DeadCondition
    {
        public override bool Holds(Job job, DateTimeOffset now) => job.Id.Value == Value;
    }

    /// <summary>Anywhere in the error, whatever the case.</summary>
    public sealed record Error(string Part) : DeadCondition
    {
        public override bool Holds(Job job, DateTimeOffset now) =>
            job.Failure?.Error.Contains(Part, StringComparison.OrdinalIgnoreCase) ?? false;
    }

    /// <summary>A dead letter that does not say since when it is one is never old.</summary>
    public sealed record OlderThan(TimeSpan Age) : DeadCondition
    {
        public override bool Holds(Job job, DateTimeOffset now) =>
            DeadLetter.SinceOf(job) is { } since && now - since > Age;
    }

    public abstract bool Holds(Job job, DateTimeOffset now);

    /// <summary>A reason as on the wire, for example <c>not-retryable</c>.</summary>
    public static string NameOf(FailureReason reason) => JsonNamingPolicy.KebabCaseLower.ConvertName($"{reason}");

    /// <summary>
    /// Reads conditions with commas between them. A comma belongs to a value unless another condition follows it.
    /// </summary>
    /// <exception cref="UsageException">One is none.</exception>
    public static IReadOnlyList<DeadCondition> Parse(IEnumerable<string> texts) =>
        [.. texts.SelectMany(text => BetweenConditions().Split(text)).Select(ParseOne)];

    private static DeadCondition ParseOne(string text)
    {
        var match = Shape().Match(text);
        var value = match.Groups["value"].Value;
        return (match.Groups["name"].Value.ToLowerInvariant(), match.Groups["operator"].Value) switch
        {
            ("reason", "=") => _reasons.Contains(value)
                ? new Reason(value)
                : throw new UsageException(
                    $"--where: there is no reason '{value}'; there are {string.Join(", ", _reasons)}."),
            ("type", "=") => new Type(value),
            ("id", "=") => new Id(value),
            ("error", "~") => new Error(value),
            ("older-than", "=") => DurationText.TryParse(value, out var age)
                ? new OlderThan(age)
                : throw new UsageException($"--where: '{value}' is not {DurationText.Expected}."),
            _ => throw new UsageException($"--where: '{text.Trim()}' is none of {Help}."),
        };
    }

    [GeneratedRegex(
        @"^\s*(?<name>[a-z-]+)\s*(?<operator>[=~])\s*(?<value>.*?)\s*$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Shape();

    [GeneratedRegex(@",\s*(?=(?:reason|type|id|error|older-than)\s*[=~])", RegexOptions.IgnoreCase)]
    private static partial Regex BetweenConditions();
}
