using System.Globalization;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Proxy;

namespace JobSystem.Chaos.Runs;

/// <summary>How each member reaches the broker: its own proxies where there are any, else the broker itself.</summary>
internal sealed class BrokerUris(IReadOnlyList<Uri> nodes, ProxyFarm? proxies, Experiment experiment)
{
    /// <summary>Past every proxy.</summary>
    public string Direct => UriOf(nodes.Select(node => (node.Host, node.Port)));

    public string Of(string member) => proxies is null
        ? Direct
        : UriOf(proxies.Open(member).Select(port => ("127.0.0.1", port)));

    private string UriOf(IEnumerable<(string Host, int Port)> endpoints)
    {
        var first = nodes[0];
        if (first.Scheme is not ("amqp" or "amqps"))
        {
            return first.OriginalString;
        }

        // The plain client takes one host and no options; its heartbeat is set in code.
        var isPlain = experiment.SystemUnderTest.Worker == "plain" || experiment.SystemUnderTest.Producer == "plain";
        var hosts = endpoints.Select(each => $"{each.Host}:{each.Port.ToString(CultureInfo.InvariantCulture)}");
        var options = isPlain ? "" : $"?heartbeat={experiment.Fleet.Heartbeat.TotalSeconds:0}";
        return $"{first.Scheme}://{first.UserInfo}@{string.Join(',', isPlain ? hosts.Take(1) : hosts)}" +
            $"{first.AbsolutePath}{options}";
    }
}
