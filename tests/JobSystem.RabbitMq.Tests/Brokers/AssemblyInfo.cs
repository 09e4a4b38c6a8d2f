// Tests of this project restart, kill and freeze brokers that others use, so no two on one broker run at once.
// tests/run.sh gives each kind of broker a process of its own.
using JobSystem.RabbitMq.Tests.Brokers;
using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: TestFramework(
    "JobSystem.RabbitMq.Tests.Brokers." + nameof(CoveredBrokers), "JobSystem.RabbitMq.Tests")]
