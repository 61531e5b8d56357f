using System.Net.Http.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Providers;
using FrameVideo.TestKit.Servers;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests.Kills;

/// <summary>One node on SQLite and a folder, which is started again.</summary>
public sealed class ClipKillTests(ITestOutputHelper output) : ClipKillSuite(output)
{
    protected override IReadOnlyList<Step> Slice { get; } = [Step.Accepted, Step.Downloading];

    protected override Task<Cluster> StartAsync(Dictionary<string, string> settings) => Cluster.StartAsync(null, 1, 1, settings);
}

/// <summary>Two nodes on PostgreSQL and S3, of which the one takes over from the other.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
[Trait("Depth", "long")]
public sealed class ClipKillOnServersTests(ITestOutputHelper output) : ClipKillSuite(output)
{
    protected override IReadOnlyList<Step> Slice { get; } = [Step.Asking, Step.Polling];

    protected override async Task<Cluster> StartAsync(Dictionary<string, string> settings)
    {
        settings["Jobs:CheckinPeriod"] = "00:00:00.500";
        return await Cluster.StartAsync(await Backend.ServersAsync(), 1, 2, settings);
    }
}

/// <summary>
/// VideoService is killed at every step of a provider's task: each clip is paid once, except where the process dies between the provider's accepting and the ID's commit; then once more. <c>FRAMEVIDEO_SEED</c> repeats
/// the moments.
/// </summary>
public abstract class ClipKillSuite(ITestOutputHelper output)
{
    /// <summary>Where a process dies.</summary>
    protected enum Step
    {
        /// <summary>The provider hears of the task, and has not taken it.</summary>
        Asking,

        /// <summary>It has taken it, and its answer is lost: the gap.</summary>
        Accepted,

        /// <summary>The provider is asked how the task is.</summary>
        Polling,

        /// <summary>Half of the clip has come.</summary>
        Downloading,

        /// <summary>The clip has been sent.</summary>
        Downloaded,

        /// <summary>Any time.</summary>
        Whenever,
    }

    /// <summary>What the normal run does of it.</summary>
    protected abstract IReadOnlyList<Step> Slice { get; }

    protected abstract Task<Cluster> StartAsync(Dictionary<string, string> settings);

    [ServerFact]
    [Trait("Campaign", "clips")]
    public async Task Each_clip_is_paid_once_at_whatever_step_the_process_is_killed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FRAMEVIDEO_SEED"), out var given) ? given : Campaign.IsLong ? Environment.ProcessId : 20261126;
        output.WriteLine($"FRAMEVIDEO_SEED={seed}");
        var random = new Random(seed);
        var steps = Campaign.IsLong ? [.. Enumerable.Range(0, 60).Select(_ => (Step)random.Next(6))] : Slice;
        var clips = Campaign.IsLong ? 2 : 1;
        await using var runway = await RunwayStandIn.StartAsync();
        var settings = runway.Settings.Select(setting => setting.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        // One after the other, so that of two clips not one is in the gap while the other is killed.
        settings["Providers:runway:Concurrency"] = "1";
        settings["Idempotency:Lease"] = "00:00:02";
        settings["Rendering:MaxAttempts"] = "50";
        settings["Jobs:RetryDelay"] = "00:00:00.500";
        await using var cluster = await StartAsync(settings);
        foreach (var spare in cluster.Videos.Skip(1)) await spare.TerminateAsync();
        using var frames = Http.Client(cluster.Frames[0].Address);
        var (gaps, round) = (0, 0);
        foreach (var step in steps)
        {
            var alive = cluster.Videos.Single(node => node.IsRunning);
            var next = cluster.Videos.FirstOrDefault(node => !node.IsRunning) ?? alive;
            var session = RequestId.New(TimeProvider.System);
            for (var number = 1; number <= clips; number++) await frames.PutPictureAsync(session, number, Pictures.Png(160, 90, 0xff000000u + (uint)(++round * 5003))).ReadAsync<Frame>();
            runway.Reset();
            if (!Campaign.IsLong) runway.Output = task => RunwayOutput.Of("320:180", 2, task.Order);
            var killed = Arm(runway, step, alive);
            using (var videos = Http.Client(alive.Address))
            {
                var body = new { requestId = session, fps = 24, quality = "draft", resolution = "480p", secondsPerFrame = 0.5, clips = new { provider = "runway" } };
                var key = $"clips-{session}";
                Video? asked = null;
                try
                {
                    asked = await videos.PostOnceAsync("/v1/videos", key, body).ReadAsync<Video>();
                }
                catch (HttpRequestException)
                {
                    // The film was begun and its asker not yet answered.
                }

                if (step == Step.Whenever)
                {
                    await Task.Delay(random.Next(1500));
                    await alive.KillAsync();
                }
                else
                {
                    await killed.WaitAsync(TimeSpan.FromMinutes(1));
                }

                await next.StartAsync();
                using var again = Http.Client(next.Address);
                asked ??= await Wait.ForAsync(
                    async () =>
                    {
                        using var answer = await again.PostOnceAsync("/v1/videos", key, body);
                        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<Video>(WireJson.Options) : null;
                    },
                    "the film's answer");
                var film = await again.EndedAsync(asked.Id, TimeSpan.FromMinutes(2));
                Assert.True(film.Status == VideoStatus.Completed, $"{step}: {film.Error}");
                foreach (var clip in runway.Tasks.GroupBy(task => task.Asked.GetProperty("promptImage").GetString(), StringComparer.Ordinal))
                {
                    // Paid twice where the first one's ID was never kept, and nowhere else.
                    if (clip.Count() == 1) continue;
                    gaps++;
                    Assert.True(clip.Count() == 2 && clip.First().Polls == 0 && step is Step.Accepted or Step.Whenever, $"{step}: a clip was paid {clip.Count()} times, and its first task was asked for {clip.First().Polls} times");
                }

                Assert.Equal(step == Step.Whenever ? runway.Tasks.Count : step == Step.Accepted ? clips + 1 : clips, runway.Paid);
                // What nobody knows the end of counts as paid.
                Assert.InRange(film.Usage.CostUsd, 0.10m * runway.Paid, 0.10m * (runway.Paid + 2));
            }
        }

        output.WriteLine($"{steps.Count} kills, {gaps} in the gap between the provider's accepting and the ID's commit");
    }

    /// <summary>Kills a process once, at a step of the first task that comes to it.</summary>
    private static Task Arm(RunwayStandIn runway, Step step, ServiceProcess victim)
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var times = step == Step.Whenever ? 0 : 1;
        async Task<bool> KillAsync(HttpContext context)
        {
            if (Interlocked.Decrement(ref times) < 0) return false;
            await victim.KillAsync();
            context.Abort();
            killed.SetResult();
            return true;
        }

        switch (step)
        {
            case Step.Asking:
                runway.Before = context => context.Request.Method == "POST" ? KillAsync(context) : Task.FromResult(false);
                break;
            case Step.Accepted:
                runway.AfterAccepting = KillAsync;
                break;
            case Step.Polling:
                runway.Before = context => context.Request.Path.StartsWithSegments("/v1/tasks", StringComparison.Ordinal) ? KillAsync(context) : Task.FromResult(false);
                break;
            case Step.Downloading:
                runway.Before = async context =>
                {
                    if (!context.Request.Path.StartsWithSegments("/output", StringComparison.Ordinal) || Volatile.Read(ref times) == 0) return false;
                    context.Response.ContentLength = 100_000;
                    await context.Response.Body.WriteAsync(new byte[1000]);
                    await context.Response.Body.FlushAsync();
                    return await KillAsync(context);
                };
                break;
            case Step.Downloaded:
                runway.Before = context =>
                {
                    // At the other clip's fetch, or at whatever else comes next.
                    if (context.Request.Path.StartsWithSegments("/output", StringComparison.Ordinal))
                        context.Response.OnCompleted(() => KillAsync(context));
                    return Task.FromResult(false);
                };
                break;
            default:
                killed.SetResult();
                break;
        }

        return killed.Task;
    }
}
