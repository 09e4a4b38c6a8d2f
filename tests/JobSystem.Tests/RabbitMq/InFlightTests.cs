using JobSystem.RabbitMq;
using Xunit;

namespace JobSystem.Tests.RabbitMq;

/// <summary>Which of the publisher's numbers an answer of the broker is about.</summary>
public sealed class InFlightTests
{
    [Fact]
    public void Sequences_have_no_gaps_and_the_owners_numbers_may()
    {
        var flight = new InFlight<string>();
        flight.Add(5, "a", "r");
        flight.Add(9, "b", "r");

        Assert.True(flight.Confirm(1, multiple: false, out var first));
        Assert.True(flight.Confirm(2, multiple: false, out var second));

        Assert.Equal((5ul, 9ul, 0), (first, second, flight.Count));
    }

    [Fact]
    public void The_oldest_open_message_with_the_id_and_route_is_the_returned_one()
    {
        var flight = new InFlight<string>();
        flight.Add(1, "a", "here");
        flight.Add(2, "a", "gone");
        flight.Add(3, "a", "gone");

        Assert.True(flight.Return("a", route => route == "gone", out var number, out var route));
        Assert.Equal((2ul, "gone"), (number, route));
        Assert.True(flight.Return("a", each => each == "gone", out number, out _));
        Assert.Equal(3ul, number);
        Assert.False(flight.Return("a", each => each == "gone", out _, out _));
        Assert.False(flight.Return("b", _ => true, out _, out _));
    }

    [Fact]
    public void The_ack_of_a_returned_message_tells_nothing()
    {
        var flight = new InFlight<string>();
        flight.Add(1, "a", "r");
        flight.Add(2, "b", "r");
        flight.Return("a", _ => true, out _, out _);

        Assert.False(flight.Confirm(1, multiple: false, out _));
        Assert.True(flight.Confirm(2, multiple: true, out var number));
        Assert.Equal((2ul, 0), (number, flight.Count));
    }

    [Fact]
    public void Answers_about_nothing_tell_nothing()
    {
        var flight = new InFlight<string>();

        Assert.False(flight.Confirm(1, multiple: true, out _));
        Assert.Empty(flight.Refuse(7, multiple: true));
        flight.Add(1, "a", "r");
        Assert.True(flight.Confirm(1, multiple: false, out _));
        Assert.False(flight.Confirm(1, multiple: false, out _));
        Assert.Empty(flight.Refuse(1, multiple: false));
    }

    [Fact]
    public void In_any_order_each_publish_is_answered_once()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var flight = new InFlight<string>();
            var open = new SortedDictionary<ulong, ulong>();
            var answered = new List<ulong>();
            ulong sequence = 0, number = 0;
            for (var step = 0; step < 200; step++)
            {
                if (open.Count == 0 || random.Next(3) > 0)
                {
                    number += (ulong)random.Next(1, 4);
                    flight.Add(number, $"{number}", "r");
                    open[++sequence] = number;
                }
                else
                {
                    var target = open.Keys.ElementAt(random.Next(open.Count));
                    var multiple = random.Next(4) == 0;
                    var due = open.Where(each => multiple ? each.Key <= target : each.Key == target).ToList();
                    answered.AddRange(Answer(
                        flight, random, target, multiple, due.Select(each => each.Value)));
                    due.ForEach(each => open.Remove(each.Key));
                }
            }

            Assert.Equal(answered.Distinct(), answered);
            Assert.Empty(answered.Intersect(open.Values));
            Assert.True(flight.Count >= open.Count);
        }
    }

    private static List<ulong> Answer(
        InFlight<string> flight, Random random, ulong target, bool multiple, IEnumerable<ulong> due)
    {
        var expected = due.ToList();
        if (random.Next(2) == 0)
        {
            Assert.Equal(expected, flight.Refuse(target, multiple));
            return expected;
        }

        Assert.True(flight.Confirm(target, multiple, out var number));
        Assert.Equal(expected[^1], number);
        return expected;
    }
}
