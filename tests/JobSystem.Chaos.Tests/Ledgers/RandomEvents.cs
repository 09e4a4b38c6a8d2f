// Events of every type with values drawn by chance, so that the codec is tried on what nobody thought of.
using System.Reflection;
using System.Text;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Tests.Ledgers;

internal sealed class RandomEvents(Random random)
{
    /// <summary>Every event there is, found by reflection: a new one is tried without being named here.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. typeof(HistoryEvent).GetNestedTypes()
            .Where(type => type.IsSubclassOf(typeof(HistoryEvent)) && !type.IsAbstract),
    ];

    public HistoryEvent Next() => Next(Types[random.Next(Types.Count)]);

    public HistoryEvent Next(Type type)
    {
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)
            .MaxBy(each => each.GetParameters().Length)!;
        return (HistoryEvent)constructor.Invoke([.. constructor.GetParameters().Select(each => Value(each))]);
    }

    private object Value(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(JobId) => new JobId(Text(1, 60)),
        var type when type == typeof(RunId) => new RunId(Text(0, 100), random.NextInt64(long.MinValue, long.MaxValue)),
        var type when type == typeof(string) => Text(0, 300),
        var type when type == typeof(int) => random.Next(int.MinValue, int.MaxValue),
        var type when type == typeof(long) => random.NextInt64(long.MinValue, long.MaxValue),
        var type when type == typeof(ulong) => unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
        var type when type == typeof(bool) => random.Next(2) == 1,
        var type when type == typeof(TimeSpan) => new TimeSpan(random.NextInt64(0, TimeSpan.TicksPerDay)),
        var type when type.IsEnum => Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length))!,
        var type => throw new NotSupportedException($"No value of {type} for {parameter.Name}."),
    };

    /// <summary>Of one to four bytes a character, and never longer than the ledger takes.</summary>
    private string Text(int least, int most)
    {
        int[] kinds = ['a', 'ä', '€', 0x1F600];
        var text = new StringBuilder();
        for (var count = random.Next(least, most + 1) / 4; count > 0 || text.Length < least; count--)
        {
            text.Append(new Rune(kinds[random.Next(kinds.Length)] + random.Next(20)));
        }

        return text.ToString();
    }
}
