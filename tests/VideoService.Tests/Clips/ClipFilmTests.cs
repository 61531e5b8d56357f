using System.Data.Common;
using System.Net;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Providers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VideoService.Clips;
using VideoService.Operations;
using VideoService.Tests.Rendering;
using VideoService.Tests.Videos;

namespace VideoService.Tests.Clips;

/// <summary>VideoService beside a stand-in for Runway.</summary>
public sealed class VideoServiceWithRunway : RunningVideoService
{
    internal RunwayStandIn Runway { get; private set; } = null!;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Runway.DisposeAsync();
    }

    protected override async Task<string[]> DatabaseAsync() => (Runway ??= await RunwayStandIn.StartAsync()).Settings;
}

/// <summary>Films of clips that a service makes: paid once, whatever happens, and told honestly.</summary>
public sealed class ClipFilmTests(VideoServiceWithRunway service) : IClassFixture<VideoServiceWithRunway>, IAsyncLifetime
{
    private RunwayStandIn Runway => service.Runway;

    public Task InitializeAsync()
    {
        Runway.Reset();
        // Small ones, where a test is not about pictures.
        Runway.Output = task => RunwayOutput.Of("320:180", 2, task.Order);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_film_of_a_services_clips_is_even_and_each_of_them_is_paid_once_for_its_session()
    {
        Runway.Output = RunwayOutput.Of;
        var session = await service.SaveAsync(3);
        var body = Body(session);
        var plan = await service.Http.PostAsync("/v1/videos/plan", body).ReadAsync<VideoPlan>();
        Assert.Equal([(1, "runway", "gen4_turbo", 2.0, 0.10m), (2, "runway", "gen4_turbo", 2.0, 0.10m), (3, "runway", "gen4_turbo", 2.0, 0.10m)], plan.ProviderCalls.Select(call => (call.Number, call.Provider, call.Model, call.Seconds, call.EstimatedCostUsd)));
        Assert.Equal((0.30m, null), (plan.EstimatedCostUsd, plan.BudgetLeftUsd));
        Assert.Empty(Runway.Tasks);

        var film = await service.FilmAsync(body);
        Assert.True(film.Status == VideoStatus.Completed, film.Error?.ToString());
        Assert.Equal((3, 3, 0.30m), (Runway.Paid, Runway.Tasks.Count, film.Usage.CostUsd));
        Assert.Equal(new UsageItem("runway", "gen4_turbo", UsageKind.Clip, 3, 0, 0, 0, 6, 0.30m), Assert.Single(film.Usage.Items));
        Assert.Equal("A boat sets out.", Runway.Tasks[0].Asked.GetProperty("promptText").GetString());
        Assert.True(Runway.Calls.Count(call => call.StartsWith("GET /v1/tasks", StringComparison.Ordinal)) <= 3 * 3 + 3, string.Join('\n', Runway.Calls));

        using var folder = new TempFolder();
        var path = folder.Combine("film.mp4");
        await File.WriteAllBytesAsync(path, await service.Http.GetByteArrayAsync(film.Links.Content));
        if (Environment.GetEnvironmentVariable("FRAMEVIDEO_LOOK") is { } look) File.Copy(path, Path.Combine(look, "runway.mp4"), overwrite: true);
        var (times, errors) = await TestFilm.RunAsync("ffprobe", "-v", "error", "-show_entries", "frame=pts", "-of", "csv=p=0", path);
        Assert.Equal("", errors);
        var stamps = System.Text.Encoding.ASCII.GetString(times).Split(['\n', ',', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToList();
        Assert.Equal(36, stamps.Count);
        Assert.Single(stamps.Zip(stamps.Skip(1), (a, b) => b - a).Distinct());
        var (_, said) = await TestFilm.RunAsync("ffmpeg", "-v", "error", "-xerror", "-err_detect", "explode", "-i", path, "-f", "null", "-");
        Assert.Equal("", said);

        // Another film of the same clips, of another rate and so of other pieces: nothing is asked for.
        var again = await service.CreateAsync(new { requestId = session.RequestId, fps = 30, quality = "draft", resolution = "480p", secondsPerFrame = 0.5, clips = new { provider = "runway", prompt = "A boat sets out." } });
        again = await service.Http.EndedAsync(again.Id, TimeSpan.FromSeconds(60));
        Assert.Equal((VideoStatus.Completed, 3, 0m), (again.Status, Runway.Tasks.Count, again.Usage.CostUsd));
        Assert.Empty((await service.Http.PostAsync("/v1/videos/plan", body).ReadAsync<VideoPlan>()).ProviderCalls);

        // Footage goes with the last film that is made of it.
        await service.Http.DeleteAsync($"/v1/videos/{film.Id}");
        Assert.Equal(3, await FootageAsync(session));
        await service.Http.DeleteAsync($"/v1/videos/{again.Id}");
        Assert.Equal(0, await FootageAsync(session));
    }

    [Fact]
    public async Task One_frame_is_made_elsewhere_and_the_others_here_with_words_of_its_own()
    {
        var session = await service.SaveAsync(2);
        var film = await service.FilmAsync(new { requestId = session.RequestId, fps = 24, quality = "draft", resolution = "480p", secondsPerFrame = 0.5, frames = new[] { new { number = 2, clip = new { provider = "runway", prompt = "Leaves fall." } } } });
        Assert.True(film.Status == VideoStatus.Completed, film.Error?.ToString());
        Assert.Equal("Leaves fall.", Assert.Single(Runway.Tasks).Asked.GetProperty("promptText").GetString());
    }

    [Fact]
    public async Task Films_that_want_the_same_clip_at_the_same_time_pay_it_once_and_a_damaged_picture_is_found_before_anything_is_paid()
    {
        var session = await service.SaveAsync(1);
        var films = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => service.CreateAsync(Body(session))));
        var ended = await Task.WhenAll(films.Select(film => service.Http.EndedAsync(film.Id, TimeSpan.FromSeconds(60))));
        Assert.All(ended, film => Assert.Equal(VideoStatus.Completed, film.Status));
        Assert.Single(Runway.Tasks);
        Assert.Equal([0m, 0m, 0.10m], ended.Select(film => film.Usage.CostUsd).Order());

        session = await service.SaveAsync(2);
        await service.Store.DeleteAsync(session.Frames![1].ObjectKey!.Value, default);
        var film = await service.FilmAsync(Body(session));
        Assert.Equal((VideoStatus.Failed, "frame-missing", 1), (film.Status, film.Error!.Code, Runway.Tasks.Count));
    }

    [Theory]
    [InlineData("SAFETY.INPUT.TEXT", "content-moderated", "prompt", false, 0.20)]
    [InlineData("SAFETY.INPUT.IMAGE", "content-moderated", "image", false, 0.20)]
    [InlineData("SAFETY.OUTPUT.VIDEO", "content-moderated", null, false, 0.20)]
    [InlineData("INTERNAL.BAD_OUTPUT.CODE01", "provider-unavailable", null, true, 0.10)]
    public async Task A_clip_that_fails_is_one_that_fails_and_the_others_are_not_paid_again(string failure, string code, string? field, bool retryable, double cost)
    {
        var session = await service.SaveAsync(2);
        Runway.Status = (task, poll) => task.Order == 2 ? poll == 0 ? "RUNNING" : "FAILED" : poll < 3 ? "THROTTLED" : "SUCCEEDED";
        Runway.FailureCode = _ => failure;
        var film = await service.FilmAsync(Body(session));
        Assert.Equal((VideoStatus.Failed, code, field, retryable, (decimal)cost), (film.Status, film.Error!.Code, film.Error.Field, film.Error.Retryable, film.Usage.CostUsd));
        var wanted = Runway.Tasks[1].Asked.GetProperty("promptImage").GetString();
        Assert.Equal(1, await FootageAsync(session));

        Runway.Status = (_, _) => "SUCCEEDED";
        var retried = await service.Http.PostAsync($"/v1/videos/{film.Id}/retry", new { }).ReadAsync<Video>();
        retried = await service.Http.EndedAsync(retried.Id, TimeSpan.FromSeconds(60));
        // What the service never makes is not asked for again.
        Assert.Equal(code == "content-moderated" ? (VideoStatus.Failed, 2) : (VideoStatus.Completed, 3), (retried.Status, Runway.Tasks.Count));
        if (retried.Status == VideoStatus.Completed) Assert.Equal(wanted, Runway.Tasks[2].Asked.GetProperty("promptImage").GetString());
    }

    [Fact]
    public async Task Credit_ends_in_its_code_and_what_was_made_stays()
    {
        var session = await service.SaveAsync(2);
        var first = await service.FilmAsync(new { requestId = session.RequestId, fps = 24, quality = "draft", resolution = "480p", secondsPerFrame = 0.5, clips = new { provider = "renderer" }, frames = new[] { new { number = 1, clip = new { provider = "runway", prompt = "A boat sets out." } } } });
        Assert.Equal((VideoStatus.Completed, 1), (first.Status, Runway.Tasks.Count));
        Runway.Fail("POST", 1, context => RunwayStandIn.RefuseAsync(context, 400, "You do not have enough credits to run this task."));
        var film = await service.FilmAsync(Body(session));
        Assert.Equal((VideoStatus.Failed, "insufficient-credit", 0m), (film.Status, film.Error!.Code, film.Usage.CostUsd));
        var retried = await service.Http.EndedAsync((await service.Http.PostAsync($"/v1/videos/{film.Id}/retry", new { }).ReadAsync<Video>()).Id, TimeSpan.FromSeconds(60));
        Assert.Equal((VideoStatus.Completed, 2, 0.10m), (retried.Status, Runway.Paid, retried.Usage.CostUsd));
    }

    [Fact]
    public async Task Rate_limits_and_outages_are_waited_out_by_no_worker()
    {
        var session = await service.SaveAsync(2);
        var times = 0;
        Runway.Before = async context =>
        {
            var turn = Interlocked.Increment(ref times);
            if (turn is 1) await RunwayStandIn.RefuseAsync(context, 429, "Too many requests.", retryAfter: "1");
            else if (turn is 2 or 5 or 6 or 8) await RunwayStandIn.RefuseAsync(context, 503, "Overloaded.");
            else return false;
            return true;
        };
        Runway.LinkLife = TimeSpan.FromSeconds(20);
        var created = await service.CreateAsync(Body(session));
        await Wait.UntilAsync(async () => (await service.Http.GetAsync($"/v1/videos/{created.Id}").ReadAsync<Video>()).Stage == VideoStage.WaitingForProvider, "the film to wait");
        Assert.Empty(service.RunningEncoders());
        var film = await service.Http.EndedAsync(created.Id, TimeSpan.FromSeconds(60));
        Assert.True(film.Status == VideoStatus.Completed, film.Error?.ToString());
        Assert.Equal((2, 0.20m), (Runway.Tasks.Count, film.Usage.CostUsd));
    }

    [Fact]
    public async Task A_lost_answer_costs_one_more_task_at_most_and_links_that_end_are_asked_for_anew()
    {
        var session = await service.SaveAsync(1);
        var lost = 1;
        Runway.AfterAccepting = context =>
        {
            if (Interlocked.Decrement(ref lost) < 0) return Task.FromResult(false);
            context.Abort();
            return Task.FromResult(true);
        };
        var downloads = 0;
        Runway.Before = async context =>
        {
            if (!context.Request.Path.StartsWithSegments("/output", StringComparison.Ordinal)) return false;
            switch (Interlocked.Increment(ref downloads))
            {
                case 1:
                    await RunwayStandIn.RefuseAsync(context, 403, "Request has expired");
                    return true;
                case 2:
                    // Cut in the middle.
                    context.Response.ContentLength = 100_000;
                    await context.Response.Body.WriteAsync(new byte[1000]);
                    context.Abort();
                    return true;
                default:
                    return false;
            }
        };
        var film = await service.FilmAsync(Body(session));
        Assert.True(film.Status == VideoStatus.Completed, film.Error?.ToString());
        Assert.Equal((2, 0.20m, 3), (Runway.Tasks.Count, film.Usage.CostUsd, downloads));

        // Lost each time: it is not paid for ever.
        lost = 10;
        film = await service.FilmAsync(Body(await service.SaveAsync(1)));
        Assert.Equal((VideoStatus.Failed, "provider-unavailable", 4), (film.Status, film.Error!.Code, Runway.Tasks.Count));
    }

    [Fact]
    public async Task A_clip_that_is_no_clip_is_refused_and_the_encoders_reach_nothing_else()
    {
        Runway.Output = _ => "ffconcat version 1.0\nfile /etc/passwd\n"u8.ToArray();
        var film = await service.FilmAsync(Body(await service.SaveAsync(1)));
        Assert.Equal((VideoStatus.Failed, "clip-unreadable", 1, true), (film.Status, film.Error!.Code, film.Error.Frame, film.Error.Retryable));
    }

    [Fact]
    public async Task A_canceled_films_tasks_are_ended_and_a_deleted_ones_too()
    {
        Runway.Status = (_, _) => "RUNNING";
        var films = new List<Video>();
        for (var i = 0; i < 2; i++) films.Add(await service.CreateAsync(Body(await service.SaveAsync(1))));
        await Wait.UntilAsync(() => Task.FromResult(Runway.Tasks.Count == 2 && Runway.Tasks.All(task => task.Polls > 0)), "both tasks");
        await service.Http.PostAsync($"/v1/videos/{films[0].Id}/cancel", new { }).ReadAsync<Video>();
        await service.Http.DeleteAsync($"/v1/videos/{films[1].Id}");
        await Wait.UntilAsync(() => Task.FromResult(Runway.Tasks.All(task => task.IsDeleted)), "both tasks to be ended");

        Runway.Status = (_, _) => "SUCCEEDED";
        var retried = await service.Http.EndedAsync((await service.Http.PostAsync($"/v1/videos/{films[0].Id}/retry", new { }).ReadAsync<Video>()).Id, TimeSpan.FromSeconds(60));
        Assert.Equal((VideoStatus.Completed, 3), (retried.Status, Runway.Tasks.Count));
    }

    [Fact]
    public async Task A_budget_is_never_passed()
    {
        var session = await service.SaveAsync(3);
        using var refused = await service.Http.PostAsync("/v1/videos", Body(session, maxCostUsd: 0.25m));
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Contains("budget-exceeded", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(Runway.Tasks);
        var plan = await service.Http.PostAsync("/v1/videos/plan", Body(session, maxCostUsd: 0.25m)).ReadAsync<VideoPlan>();
        Assert.Equal((0.25m, false), (plan.BudgetLeftUsd, plan.WithinBudget));

        // Enough for each clip once: one that is lost and paid again would be too much.
        var lost = 1;
        Runway.AfterAccepting = context =>
        {
            if (Interlocked.Decrement(ref lost) < 0) return Task.FromResult(false);
            context.Abort();
            return Task.FromResult(true);
        };
        var film = await service.FilmAsync(Body(session, maxCostUsd: 0.30m));
        Assert.Equal((VideoStatus.Failed, "budget-exceeded", 3), (film.Status, film.Error!.Code, Runway.Tasks.Count));
        Assert.Equal(0.30m, film.Usage.CostUsd);
    }

    [Fact]
    public async Task Clips_outlive_the_database_in_the_store_and_in_the_films_record()
    {
        var session = await service.SaveAsync(1);
        var film = await service.FilmAsync(Body(session));
        Assert.Equal((VideoStatus.Completed, 1), (film.Status, Runway.Tasks.Count));

        var there = new Dictionary<ObjectKey, ObjectEntry>();
        await foreach (var entry in service.Store.ListAsync(ObjectKeys.VideoClipsPrefix(session.UserId, session.RequestId), default)) there[entry.Key] = entry;
        var rebuilt = await service.App.Services.GetRequiredService<RecoverVideo>().ReadAsync(ObjectKeys.VideoRecord(session.UserId, session.RequestId, film.Id), there, default);
        var (task, want) = Assert.Single(rebuilt.Footage);
        Assert.Equal((ClipTaskRow.Stored, "runway", 1, film.Id, 48), (task.Status, task.Provider, want.Number, want.VideoId, task.Clip!.Pictures));

        // No row tells of it: it is found under its name. Then by the row that the record has made again.
        var database = service.App.Services.GetRequiredService<DbDataSource>();
        await database.WriteAsync(async transaction =>
        {
            await transaction.Connection!.ExecuteAsync("DELETE FROM clip_wants", transaction: transaction);
            await transaction.Connection!.ExecuteAsync("DELETE FROM clip_tasks", transaction: transaction);
        }, default);
        var second = await service.FilmAsync(Body(session));
        Assert.Equal((VideoStatus.Completed, 1, 0m), (second.Status, Runway.Tasks.Count, second.Usage.CostUsd));
        await database.WriteAsync(transaction => ClipTaskTable.RecoverAsync(transaction, task, want), default);
        await service.Http.DeleteAsync($"/v1/videos/{second.Id}");
        Assert.Equal(1, await FootageAsync(session));
        await service.Http.DeleteAsync($"/v1/videos/{film.Id}");
        Assert.Equal(0, await FootageAsync(session));
    }

    [Fact]
    public async Task A_provider_without_a_key_ends_the_start_with_a_sentence_and_fallback_lets_the_renderer_go_on()
    {
        using var folder = new TempFolder();
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningApp.StartAsync(args => VideoApp.Build(args), folder, "Rendering:Clips=runway", "Providers:runway:Kind=runway"));
        Assert.StartsWith("Rendering:Clips chooses runway, and there is no key for it: set RUNWAYML_API_SECRET or", refusal.Message, StringComparison.Ordinal);

        await service.RestartAsync("Rendering:ClipFallback=true", "Rendering:Clips=runway");
        try
        {
            Runway.Status = (task, _) => task.Order == 1 ? "FAILED" : "SUCCEEDED";
            var session = await service.SaveAsync(2);
            var film = await service.FilmAsync(new { requestId = session.RequestId, fps = 24, quality = "draft", resolution = "480p", secondsPerFrame = 0.5 });
            var failure = Assert.Single(film.FrameFailures);
            Assert.Equal((VideoStatus.Completed, FrameOutcome.Rendered, "provider-unavailable", 0.10m), (film.Status, failure.Outcome, failure.Error.Code, film.Usage.CostUsd));
        }
        finally
        {
            await service.RestartAsync();
        }
    }

    [Theory]
    [InlineData("""{"clips":{"provider":"sora"}}""", "clips.provider")]
    [InlineData("""{"clips":{"prompt":""}}""", "clips.prompt")]
    [InlineData("""{"frames":[{"number":1,"clip":{"provider":"nobody"}}]}""", "frames[0].clip.provider")]
    [InlineData("""{"maxCostUsd":-1}""", "maxCostUsd")]
    public async Task What_cannot_be_asked_for_is_refused_by_its_field(string wish, string field)
    {
        var session = await service.SaveAsync(1);
        var body = System.Text.Json.Nodes.JsonNode.Parse(wish)!.AsObject();
        body["requestId"] = session.RequestId.ToString();
        using var answer = await service.Http.PostAsync("/v1/videos", body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static object Body(Session session, decimal? maxCostUsd = null) =>
        new { requestId = session.RequestId, fps = 24, quality = "draft", resolution = "480p", secondsPerFrame = 0.5, clips = new { provider = "runway", prompt = "A boat sets out." }, maxCostUsd };

    private async Task<int> FootageAsync(Session session)
    {
        var count = 0;
        await foreach (var entry in service.Store.ListAsync(ObjectKeys.VideoClipsPrefix(session.UserId, session.RequestId), default)) count += entry.Key.Kind == ObjectKind.Footage ? 1 : 0;
        return count;
    }
}
