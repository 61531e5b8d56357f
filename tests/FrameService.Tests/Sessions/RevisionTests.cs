using System.Net.Http.Headers;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace FrameService.Tests.Sessions;

public abstract class RevisionTests(RunningFrameService service)
{
    [ServerFact]
    public async Task VideoService_is_told_how_far_sessions_are_and_nobody_else()
    {
        var (living, gone) = (RequestId.New(TimeProvider.System), RequestId.New(TimeProvider.System));
        foreach (var id in new[] { living, gone })
        {
            using var put = await service.Http.PutPictureAsync(id, 1, Pictures.Png());
            Assert.Equal(201, (int)put.StatusCode);
        }

        using var deleted = await service.Http.DeleteAsync($"/v1/sessions/{gone}");
        var body = new { sessions = new[] { new { userId = "local", requestId = gone }, new { userId = "local", requestId = living }, new { userId = "anna", requestId = living } } };
        var token = service.App.Services.GetRequiredService<LinkTokens>().Sign(UserId.Parse("framevideo"), "/internal/revisions", DateTimeOffset.UtcNow.AddMinutes(1));
        using var peer = service.App.Client();
        peer.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await peer.PostAsync("/internal/revisions", body).ReadAsync<JsonElement>();
        // A deleted one, a living one, and another user's.
        Assert.Equal([null, 1L, null], answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("framesRevision") is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : (long?)null));

        Assert.Equal("invalid-token", (await service.Http.PostAsync("/internal/revisions", body).RefusalAsync()).Code);
        Assert.Equal("validation-failed", (await peer.PostAsync("/internal/revisions", new { sessions = Enumerable.Repeat(new { userId = "local", requestId = living }, 101) }).RefusalAsync()).Code);
    }
}

public sealed class RevisionsOnSqlite(RunningFrameService service) : RevisionTests(service), IClassFixture<RunningFrameService>;

[Needs(TestServers.Postgres)]
public sealed class RevisionsOnPostgres(FrameServiceOnPostgres service) : RevisionTests(service), IClassFixture<FrameServiceOnPostgres>;
