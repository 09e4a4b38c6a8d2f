// The contract of all transports, on every kind of broker. One class for each kind, because the sentences are
// inherited.
using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Testing.Contracts;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

[OnBroker("plain")]
public sealed class PlainTransportContractTests(VirtualHosts hosts) : RabbitTransportContract("plain", hosts)
{
    // Before 4.3 a quorum queue counts every return, also the one without blame.
    protected override bool RequeuesWithoutBlame => false;
}

[OnBroker("4.0")]
public sealed class V40TransportContractTests(VirtualHosts hosts) : RabbitTransportContract("4.0", hosts)
{
    protected override bool RequeuesWithoutBlame => false;
}

[OnBroker("4.3")]
public sealed class V43TransportContractTests(VirtualHosts hosts) : RabbitTransportContract("4.3", hosts);

public abstract class RabbitTransportContract(string kind, VirtualHosts hosts)
    : ConnectionLossContract, IClassFixture<VirtualHosts>
{
    private VirtualHost? _host;

    protected override async Task<ITransport> CreateAsync()
    {
        _host = await hosts.OnAsync(kind);
        return new RabbitTransport(
            RabbitOptions.Parse($"{_host.Uri}"), TimeProvider.System, NullLoggerFactory.Instance);
    }

    protected override Task LoseConnectionsAsync() =>
        _host!.Broker.CtlAsync("close_all_connections", "--vhost", _host.Name, "an operator closed it");
}
