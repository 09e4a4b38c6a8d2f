using System.Text.Json;
using System.Text.Json.Nodes;

namespace JobSystem.Chaos.Tests.Reports;

/// <summary>
/// Holds JSON against a schema, as far as our schemas go: type, const, enum, properties, required,
/// additionalProperties, items, $ref. A word that it does not know is an error: nothing is passed over in silence.
/// </summary>
internal sealed class JsonShape(JsonNode schema)
{
    private static readonly HashSet<string> _known =
    [
        "$schema", "$defs", "$ref", "title", "description", "type", "const", "enum", "properties", "required",
        "additionalProperties", "items",
    ];

    /// <summary>What is wrong, with its place; empty: nothing.</summary>
    public IReadOnlyList<string> ProblemsOf(JsonNode? json) => [.. Check(json, schema, "$")];

    private IEnumerable<string> Check(JsonNode? json, JsonNode rule, string at)
    {
        foreach (var (word, _) in rule.AsObject().Where(each => !_known.Contains(each.Key)))
        {
            yield return $"{at}: the schema's word '{word}' is not understood";
        }

        var problems = new[]
        {
            Referred(json, rule, at), Typed(json, rule, at), Chosen(json, rule, at), Members(json, rule, at),
            Items(json, rule, at),
        };
        foreach (var problem in problems.SelectMany(each => each))
        {
            yield return problem;
        }
    }

    private IEnumerable<string> Referred(JsonNode? json, JsonNode rule, string at) =>
        rule["$ref"] is { } reference
            ? Check(json, schema["$defs"]![reference.GetValue<string>().Split('/')[^1]]!, at)
            : [];

    private static IEnumerable<string> Typed(JsonNode? json, JsonNode rule, string at)
    {
        if (rule["type"] is not { } type)
        {
            return [];
        }

        var allowed = type is JsonArray many ? many.Select(each => $"{each}").ToList() : [$"{type}"];
        var isRight = json?.GetValueKind() switch
        {
            null => allowed.Contains("null"),
            JsonValueKind.String => allowed.Contains("string"),
            JsonValueKind.True or JsonValueKind.False => allowed.Contains("boolean"),
            JsonValueKind.Object => allowed.Contains("object"),
            JsonValueKind.Array => allowed.Contains("array"),
            _ => allowed.Contains("number") || (allowed.Contains("integer") && $"{json}".All(char.IsAsciiDigit)),
        };
        return isRight ? [] : [$"{at}: {json} is not {string.Join(" or ", allowed)}"];
    }

    private static IEnumerable<string> Chosen(JsonNode? json, JsonNode rule, string at)
    {
        var allowed = rule["const"] is { } only
            ? [$"{only}"]
            : rule["enum"]?.AsArray().Select(each => $"{each}").ToList();
        return allowed is null || allowed.Contains($"{json}") ? [] : [$"{at}: {json} is none of those allowed"];
    }

    private IEnumerable<string> Members(JsonNode? json, JsonNode rule, string at)
    {
        if (json is not JsonObject members || rule["properties"] is not JsonObject properties)
        {
            yield break;
        }

        foreach (var name in (rule["required"]?.AsArray() ?? []).Select(each => $"{each}"))
        {
            if (!members.ContainsKey(name))
            {
                yield return $"{at}.{name} is missing";
            }
        }

        foreach (var (name, value) in members)
        {
            if (properties[name] is not { } inner)
            {
                yield return $"{at}.{name} is not in the schema";
                continue;
            }

            foreach (var problem in Check(value, inner, $"{at}.{name}"))
            {
                yield return problem;
            }
        }
    }

    private IEnumerable<string> Items(JsonNode? json, JsonNode rule, string at) =>
        json is JsonArray items && rule["items"] is { } each
            ? items.SelectMany((item, index) => Check(item, each, $"{at}[{index}]"))
            : [];
}
