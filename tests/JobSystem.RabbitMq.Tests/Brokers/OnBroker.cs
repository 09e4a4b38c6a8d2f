// Test classes that belong to one kind of broker. xunit cannot leave a test out at run time, and a test
// that was skipped counts as failed here; so a class whose kind this run does not cover is not discovered
// at all.
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace JobSystem.RabbitMq.Tests.Brokers;

/// <summary>The class is run only where <see cref="BrokerUnderTest.All"/> has this kind of broker: for
/// contracts whose tests are inherited, one sealed class for each kind. A theory over <see
/// cref="BrokerUnderTest.Kinds"/> does not need it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnBrokerAttribute(string kind) : Attribute
{
    /// <summary><c>plain</c>, <c>4.0</c> or <c>4.3</c>.</summary>
    public string Kind { get; } = kind;
}

/// <summary>xunit's own framework, blind to classes whose broker this run does not cover.</summary>
public sealed class CoveredBrokers(IMessageSink diagnostics) : XunitTestFramework(diagnostics)
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new Discoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(IAssemblyInfo tests, ISourceInformationProvider source, IMessageSink sink)
        : XunitTestFrameworkDiscoverer(tests, source, sink)
    {
        protected override bool IsValidTestClass(ITypeInfo type)
        {
            string? kind = type.ToRuntimeType().GetCustomAttribute<OnBrokerAttribute>()?.Kind;
            return base.IsValidTestClass(type)
                && (kind is null || BrokerUnderTest.All().Any(broker => broker.Kind == kind));
        }
    }
}
