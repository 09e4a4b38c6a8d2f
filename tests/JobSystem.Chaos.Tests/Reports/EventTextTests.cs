using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Tests.Ledgers;
using Xunit;

namespace JobSystem.Chaos.Tests.Reports;

public sealed class EventTextTests
{
    public static TheoryData<Type> Types => [.. RandomEvents.Types];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_event_is_a_sentence_for_people(Type type)
    {
        var text = EventText.Of(new RandomEvents(new Random(1)).Next(type));

        Assert.NotEmpty(text);
        Assert.DoesNotContain($"{type.Name} {{", text, StringComparison.Ordinal);
    }
}
