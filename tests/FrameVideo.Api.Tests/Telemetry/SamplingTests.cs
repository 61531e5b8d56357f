using System.Diagnostics;
using FrameVideo.Telemetry;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace FrameVideo.Api.Tests.Telemetry;

/// <summary>Who decides whether a trace is recorded.</summary>
public sealed class SamplingTests
{
    private static readonly ActivityTraceId Trace = ActivityTraceId.CreateFromString("ffffffffffffffffffffffffffffffff");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_caller_decides_and_the_ratio_where_there_is_none(bool isSampled)
    {
        var sampler = Read(ratio: 0);
        Assert.Equal(isSampled, IsRecorded(sampler, Of(isSampled)));
        Assert.False(IsRecorded(sampler, default));
        Assert.True(IsRecorded(Read(ratio: 1), default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Work_follows_the_request_that_asked_for_it(bool isSampled) =>
        Assert.Equal(isSampled, IsRecorded(Read(ratio: isSampled ? 0 : 1), default, ActivityKind.Consumer, [new ActivityLink(Of(isSampled))]));

    [Fact]
    public void What_asks_somebody_on_nobodys_behalf_is_not_recorded() => Assert.False(IsRecorded(Read(ratio: 1), default, ActivityKind.Client));

    [Theory]
    [InlineData("always_off", null, false)]
    [InlineData("always_on", null, true)]
    [InlineData("parentbased_always_off", null, false)]
    [InlineData("traceidratio", "0", false)]
    [InlineData("parentbased_traceidratio", "1", true)]
    [InlineData("no-such-sampler", "0", true)]
    public void The_environments_word_wins(string name, string? argument, bool isRecorded) =>
        Assert.Equal(isRecorded, IsRecorded(Read(ratio: isRecorded ? name == "no-such-sampler" ? 1 : 0 : 1, name, argument), default));

    [Theory]
    [InlineData("http://s3/bucket/anna/req_1_a/user-uploads/holiday_abc.jpg?X-Amz-Signature=1", "http://s3/bucket/anna/req_1_a/user-uploads/*")]
    [InlineData("/v1/objects/anna/req_1_a/video-clips/clip_01_abc.mp4?token=1", "/v1/objects/anna/req_1_a/video-clips/clip_01_abc.mp4")]
    [InlineData("/v1/sessions", "/v1/sessions")]
    public void Addresses_are_shown_without_query_and_file_names(string address, string shown) => Assert.Equal(shown, Scrub.Clean(address));

    private static ActivityContext Of(bool isSampled) => new(Trace, ActivitySpanId.CreateRandom(), isSampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None, isRemote: true);

    private static Sampler Read(double ratio, string? name = null, string? argument = null) => Sampling.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["OTEL_TRACES_SAMPLER"] = name, ["OTEL_TRACES_SAMPLER_ARG"] = argument }).Build(), new TelemetryOptions { SampleRatio = ratio });

    private static bool IsRecorded(Sampler sampler, ActivityContext parent, ActivityKind kind = ActivityKind.Server, IEnumerable<ActivityLink>? links = null) =>
        sampler.ShouldSample(new SamplingParameters(parent, Trace, "a name", kind, [], links)).Decision == SamplingDecision.RecordAndSample;
}
