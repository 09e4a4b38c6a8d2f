using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace JobSystem.Hosting;

/// <summary>
/// Lays the section <c>JobSystem</c> of a configuration over the options that code has set: what stands there wins, so
/// that an operator can tune a program without its source. Nothing is guessed and nothing is ignored: a key that means
/// nothing, and a value that cannot be read, are problems, and all of them are named.
/// </summary>
/// <remarks>
/// <c>Queues</c> is a map from the queue's name to its settings:
/// <c>"JobSystem": { "DrainTimeout": "00:01:00", "Queues": { "images": { "Concurrency": 16 } } }</c>.
/// </remarks>
internal static class OptionsSection
{
    /// <summary>The section's name.</summary>
    public const string Name = "JobSystem";

    /// <param name="section">The section; it may be empty.</param>
    /// <param name="options">What code has set.</param>
    /// <param name="problems">What is wrong with the section is added.</param>
    public static JobSystemOptions Apply(IConfiguration section, JobSystemOptions options, List<string> problems)
    {
        var queues = section.GetSection(nameof(options.Queues));
        var result = options with { Queues = Queues(queues, options.Queues, problems) };
        Set(section, result, Name, problems, except: nameof(options.Queues));
        return result;
    }

    private static List<QueueOptions> Queues(
        IConfigurationSection section, IReadOnlyList<QueueOptions> known, List<string> problems)
    {
        var queues = known.ToList();
        foreach (var child in section.GetChildren())
        {
            var index = queues.FindIndex(queue => queue.Name == child.Key);
            var settings = (index < 0 ? new QueueOptions { Name = child.Key } : queues[index]) with { };
            Set(child, settings, $"{Name}:Queues:{child.Key}", problems, except: nameof(settings.Name));
            if (index < 0)
            {
                queues.Add(settings);
            }
            else
            {
                queues[index] = settings;
            }
        }

        return queues;
    }

    /// <summary>The record is a copy that nobody else has yet.</summary>
    private static void Set(IConfiguration section, object record, string path, List<string> problems, string except)
    {
        var properties = record.GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .ToList();
        foreach (var child in section.GetChildren().Where(child => !Is(child.Key, except) || child.Value is not null))
        {
            var property = properties.Find(property => Is(property.Name, child.Key) && property.Name != except);
            if (property is null)
            {
                var names = string.Join(", ", properties.Select(each => each.Name).Order(StringComparer.Ordinal));
                problems.Add($"{path}:{child.Key} is no setting. There are: {names}.");
                continue;
            }

            try
            {
                property.SetValue(record, child.Get(property.PropertyType)
                    ?? throw new InvalidOperationException("it is empty"));
            }
            catch (InvalidOperationException unreadable)
            {
                problems.Add($"{path}:{child.Key} is '{child.Value}', which is no {property.PropertyType.Name}: " +
                    $"{unreadable.InnerException?.Message ?? unreadable.Message}");
            }
        }
    }

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
