using System.Diagnostics;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Faults;
using FrameVideo.TestKit.Servers;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests.Faults;

/// <summary>S3 fails in every way that it knows: what was acknowledged is there afterwards, byte for byte.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
public sealed class S3FaultTests(ITestOutputHelper output)
{
    [ServerFact]
    [Trait("Campaign", "s3-faults")]
    public async Task Whatever_s3_does_to_one_upload_its_frame_is_not_lost()
    {
        // What one upload goes through is looked at here; so many failures in a row would open the breaker.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Storage:Upload:BreakerMinAttempts"] = "1000" };
        if (!Campaign.IsLong) settings["Storage:Upload:AttemptTimeout"] = "00:00:02";
        await using var faulty = await FaultyPair.StartAsync(settings);
        var isPut = (S3Request request) => request.Method == "PUT" && request.Key.Contains("/reference-frames/", StringComparison.Ordinal);

        await OneAsync("503 once", S3Fault.SlowDown(), 1, FrameStatus.Stored);
        await OneAsync("503 twice", S3Fault.SlowDown(), 2, FrameStatus.Stored);
        await OneAsync("503 with Retry-After", S3Fault.SlowDown(TimeSpan.FromSeconds(1)), 1, FrameStatus.Stored);
        await OneAsync("503 at every attempt", S3Fault.SlowDown(), int.MaxValue, FrameStatus.Inline);
        await OneAsync("reset after the headers", S3Fault.Reset(FaultPlace.AfterRequestHeaders), 1, FrameStatus.Stored);
        await OneAsync("reset mid body", S3Fault.Reset(FaultPlace.MidRequestBody), 1, FrameStatus.Stored);
        await OneAsync("reset before the answer", S3Fault.Reset(FaultPlace.BeforeAnswer), 1, FrameStatus.Stored);
        await OneAsync("stall mid body", S3Fault.Stall(FaultPlace.MidRequestBody), 1, FrameStatus.Stored);
        await OneAsync("stall mid body at every attempt", S3Fault.Stall(FaultPlace.MidRequestBody), int.MaxValue, FrameStatus.Inline);

        async Task OneAsync(string what, S3Fault fault, int times, FrameStatus expected)
        {
            using var http = faulty.Pair.FrameClient("alice");
            // An upload takes as long as the store is given in all, a minute by default.
            http.Timeout = TimeSpan.FromMinutes(3);
            var (id, picture) = (RequestId.New(TimeProvider.System), Pictures.Jpeg(1600, 900));
            var injected = faulty.Proxy.Inject(fault, times, request => isPut(request) && request.Key.Contains(id.ToString(), StringComparison.Ordinal));
            var began = Stopwatch.GetTimestamp();
            var frame = await http.PutPictureAsync(id, 1, picture, "image/jpeg").ReadAsync<Frame>();
            var took = Stopwatch.GetElapsedTime(began);
            Assert.Equal(expected, frame.Status);
            injected.End();
            began = Stopwatch.GetTimestamp();
            await Wait.UntilAsync(async () => (frame = await http.GetAsync<Frame>($"/v1/sessions/{id}/frames/1")).Status == FrameStatus.Stored, $"the frame to be stored after {what}");
            var attempts = faulty.Proxy.Requests.Count(request => isPut(request) && request.Key.Contains(id.ToString(), StringComparison.Ordinal));
            output.WriteLine($"{what}: answered {expected} after {took.TotalSeconds:0.00} s, {injected.Met} of {attempts} attempts failed, stored {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s later");
            Assert.Equal(Pictures.Sha256(picture), Pictures.Sha256(await http.GetByteArrayAsync(frame.ImageUrl)));
        }
    }

    [ServerFact]
    [Trait("Campaign", "s3-outage")]
    public async Task An_outage_under_load_costs_little_and_loses_nothing()
    {
        var (outage, pause) = Campaign.IsLong ? (TimeSpan.FromSeconds(60), "00:00:10") : (TimeSpan.FromSeconds(5), "00:00:01");
        await using var faulty = await FaultyPair.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["Storage:Upload:BreakerPause"] = pause });
        await using var load = new UploadLoad(faulty.Pair, users: 6, TimeSpan.FromMilliseconds(200));
        await load.WorksAsync("uploads before the outage", TimeSpan.FromSeconds(30), FrameStatus.Stored);

        var memory = new List<long> { faulty.Pair.Frames.ResidentBytes };
        faulty.Proxy.Outage = true;
        var began = Stopwatch.GetTimestamp();
        await Wait.UntilAsync(() => Task.FromResult(faulty.Pair.Frames.Log.Contains("fails too often", StringComparison.Ordinal)), "the breaker to open");
        var opened = Stopwatch.GetTimestamp();
        // The outage itself is time that passes.
        while (Stopwatch.GetElapsedTime(opened) < outage)
        {
            memory.Add(faulty.Pair.Frames.ResidentBytes);
            await Task.Delay(500);
        }

        faulty.Proxy.Outage = false;
        var ended = Stopwatch.GetTimestamp();
        await load.WorksAsync("uploads to be stored again", TimeSpan.FromSeconds(Campaign.IsLong ? 10 : 60), FrameStatus.Stored);
        var normal = Stopwatch.GetElapsedTime(ended);
        await load.StopAsync();
        var during = load.Acknowledged.Where(upload => upload.Begun > opened && upload.Begun < ended).ToList();
        var attempts = faulty.Proxy.Requests.Where(request => request.Method == "PUT" && request.At > opened && request.At < ended).CountBy(request => request.Key).ToDictionary(StringComparer.Ordinal);
        var inline = load.Acknowledged.Count(upload => upload.Status == FrameStatus.Inline);
        await load.AllAreStoredAsync(TimeSpan.FromMinutes(10));
        var moved = Stopwatch.GetElapsedTime(ended);
        output.WriteLine($"breaker open after {Stopwatch.GetElapsedTime(began, opened).TotalSeconds:0.0} s; outage {Stopwatch.GetElapsedTime(began, ended).TotalSeconds:0.0} s; uploads while it was open {during.Count}, with {during.Sum(upload => attempts.GetValueOrDefault(upload.Key))} attempts, at most {during.Max(upload => attempts.GetValueOrDefault(upload.Key))} for one");
        output.WriteLine($"memory {memory[0] >> 20} MiB before, {memory.Max() >> 20} MiB at most; normal again after {normal.TotalSeconds:0.0} s; {inline} inline, all moved {moved.TotalSeconds:0.0} s after the outage; {load.Acknowledged.Count} acknowledged, {load.Unavailable} times 503");
        Assert.Empty(load.Wrong);
        Assert.All(during, upload => Assert.InRange(attempts.GetValueOrDefault(upload.Key), 0, 2));
        Assert.InRange(memory.Max() - memory[0], long.MinValue, 96L << 20);
        await load.AllAreThereAsync();
    }
}
