using System.Globalization;
using System.Text.RegularExpressions;

namespace JobSystem.RabbitMq.Topology;

/// <summary>
/// What a broker says when a queue is declared otherwise than it is: one property at a time. AMQP has no call
/// that lists a queue's properties, so this sentence is how they are found out. Pure.
/// </summary>
/// <param name="Argument"><c>durable</c>, <c>auto_delete</c> or an argument's name.</param>
/// <param name="Current">What the queue has; null: the argument is not there.</param>
internal sealed partial record Inequivalence(string Argument, object? Current)
{
    /// <summary>Null where the text is not such a sentence.</summary>
    public static Inequivalence? Parse(string text)
    {
        var match = Sentence().Match(text);
        if (!match.Success)
        {
            return null;
        }

        // Without a type the value has the type of the one received: then it looks like one.
        var value = match.Groups["value"].Value;
        object? current = match.Groups["none"].Success ? null : match.Groups["type"].Value switch
        {
            "bool" => value == "true",
            "longstr" => value,
            "" when value is "true" or "false" => value == "true",
            _ when long.TryParse(
                value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                => number,
            _ => value,
        };
        return new Inequivalence(match.Groups["argument"].Value, current);
    }

    /// <summary>The plan with this property as the queue has it.</summary>
    public QueuePlan Adjust(QueuePlan plan)
    {
        switch (Argument)
        {
            case "durable":
                return plan with { Durable = Current is true };
            case "auto_delete":
                return plan with { AutoDelete = Current is true };
            default:
                var arguments = new Dictionary<string, object?>(plan.Arguments, StringComparer.Ordinal);
                if (Current is null)
                {
                    arguments.Remove(Argument);
                }
                else
                {
                    arguments[Argument] = Current;
                }

                return plan with { Arguments = arguments };
        }
    }

    [GeneratedRegex("inequivalent arg '(?<argument>[^']+)' for queue .*? but current is " +
        "((?<none>none)|(the value )?'(?<value>[^']*)'( of type '(?<type>[a-z]+)')?)")]
    private static partial Regex Sentence();
}
