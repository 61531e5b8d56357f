using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace FrameVideo.TestKit.Servers;

/// <summary>A server that the test kit starts, or a browser.</summary>
[Flags]
public enum TestServers
{
    None = 0,
    Postgres = 1,
    S3 = 2,
    Chromium = 4,

    /// <summary>Node with the programs of <c>tests/node</c>.</summary>
    Node = 8,
}

/// <summary>
/// Says of a test, or of all tests of a class and its bases, which servers it needs. Where their programs cannot be had, a <see cref="ServerFactAttribute"/> is
/// skipped; under <c>CI=true</c> it runs, and fails.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsAttribute(TestServers servers) : Attribute
{
    public TestServers Servers { get; } = servers;
}

/// <summary>A fact that minds <see cref="NeedsAttribute"/>, also where a suite is inherited and only one of its classes needs a server.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("FrameVideo.TestKit.Servers." + nameof(ServerFactDiscoverer), "FrameVideo.TestKit")]
public sealed class ServerFactAttribute : FactAttribute;

/// <inheritdoc cref="ServerFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("FrameVideo.TestKit.Servers." + nameof(ServerTheoryDiscoverer), "FrameVideo.TestKit")]
public sealed class ServerTheoryAttribute : TheoryAttribute;

public sealed class ServerFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        MissingServers.Reason(testMethod) is { } reason ? [new SkippedTestCase(DiagnosticMessageSink, discoveryOptions, testMethod, reason)] : base.Discover(discoveryOptions, testMethod, factAttribute);
}

public sealed class ServerTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        MissingServers.Reason(testMethod) is { } reason ? [new SkippedTestCase(DiagnosticMessageSink, discoveryOptions, testMethod, reason)] : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}

internal static class MissingServers
{
    public static string? Reason(ITestMethod test)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") return null;
        var needed = test.Method.GetCustomAttributes(typeof(NeedsAttribute)).Concat(test.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute)))
            .Aggregate(TestServers.None, (all, needs) => all | needs.GetNamedArgument<TestServers>(nameof(NeedsAttribute.Servers)));
        return (needed.HasFlag(TestServers.Postgres) ? PostgresServer.Missing : null) ?? (needed.HasFlag(TestServers.S3) ? S3Server.Missing : null) ?? (needed.HasFlag(TestServers.Chromium) ? Chromium.Missing : null)
            ?? (needed.HasFlag(TestServers.Node) ? NodePrograms.Missing : null);
    }
}

/// <summary>A test that does not run, and why.</summary>
public sealed class SkippedTestCase : XunitTestCase
{
    private string _reason = "";

    [Obsolete("For deserialisation alone.", error: true)]
    public SkippedTestCase()
    {
    }

    public SkippedTestCase(IMessageSink sink, ITestFrameworkDiscoveryOptions options, ITestMethod method, string reason)
        : base(sink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method) => _reason = reason;

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue(nameof(_reason), _reason);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        _reason = data.GetValue<string>(nameof(_reason));
        base.Deserialize(data);
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => _reason;
}
