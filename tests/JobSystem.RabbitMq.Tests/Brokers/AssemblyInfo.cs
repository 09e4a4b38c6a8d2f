// Tests of this project restart, kill and freeze brokers that others use, so no two run at once. What a run
// would gain by testing the kinds of broker side by side, two cores do not have.
using JobSystem.RabbitMq.Tests.Brokers;
using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: TestFramework(
    "JobSystem.RabbitMq.Tests.Brokers." + nameof(CoveredBrokers), "JobSystem.RabbitMq.Tests")]
