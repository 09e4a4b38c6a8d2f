using System.Globalization;
using JobSystem.Chaos.Texts;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Faults;

/// <summary>What the value of a setting may be: checked when an experiment is read, not when a fault is injected. A
/// closed set. Pure.</summary>
public abstract record SettingType
{
    private SettingType()
    {
    }

    /// <summary>In words, behind <c>must be</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>The words that it takes; empty: it takes no words.</summary>
    public virtual IReadOnlyList<string> Words => [];

    public abstract bool Takes(string text);

    /// <summary><c>500ms</c>, <c>10s</c>.</summary>
    public sealed record Duration : SettingType
    {
        /// <summary>No run lasts longer.</summary>
        public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

        public override string Expected => $"{DurationText.Expected}, at most {DurationText.Format(Longest)}";

        public override bool Takes(string text) => DurationText.TryParse(text, out var time) && time <= Longest;
    }

    /// <summary><c>5%</c>, <c>0.05</c>; more than nothing.</summary>
    public sealed record Share : SettingType
    {
        public override string Expected => $"{ShareText.Expected}, more than 0";

        public override bool Takes(string text) => ShareText.TryParse(text, out var share) && share > 0;
    }

    /// <summary>A number without a fraction.</summary>
    public sealed record Whole(int Min, int Max = 1_000_000) : SettingType
    {
        public override string Expected =>
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {Min} to {Max}");

        public override bool Takes(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= Min && number <= Max;
    }

    /// <summary>One of some words.</summary>
    public sealed record Choice(params IReadOnlyList<string> Choices) : SettingType
    {
        public override IReadOnlyList<string> Words => Choices;

        public override string Expected => $"one of {string.Join(", ", Choices)}";

        public override bool Takes(string text) => Choices.Contains(text, StringComparer.Ordinal);
    }

    /// <summary>One of some words, or a number.</summary>
    public sealed record WordOrNumber(Whole Number, params IReadOnlyList<string> Choices) : SettingType
    {
        public override IReadOnlyList<string> Words => Choices;

        public override string Expected => $"one of {string.Join(", ", Choices)}, or {Number.Expected}";

        public override bool Takes(string text) =>
            Choices.Contains(text, StringComparer.Ordinal) || Number.Takes(text);
    }
}
