using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameService.Tests.Sessions;

public abstract class QueueTests(RunningFrameService service)
{
    [ServerFact]
    public async Task A_user_has_a_part_of_the_queue_and_another_ones_first_job_does_not_wait_for_all_of_it()
    {
        service.Settings = ["Jobs:Concurrency=1", "Limits:QueuedPerUser=6"];
        await service.RestartAsync();
        using var many = service.App.Client("many");
        using var one = service.App.Client("one");
        var story = new { prompt = "a long story", frameCount = 100 };
        var answers = await Task.WhenAll(Enumerable.Range(0, 15).Select(async n => (Key: $"job-{n}", Answer: await many.PostOnceAsync("/v1/sessions", $"job-{n}", story))));
        var accepted = answers.Where(answer => (int)answer.Answer.StatusCode == 202).ToList();
        Assert.Equal(6, accepted.Count);
        foreach (var (_, refused) in answers.Except(accepted))
        {
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal("too-many-queued-jobs", (await Task.FromResult(refused).RefusalAsync()).Code);
        }

        var first = await Wait.ForAsync(async () => (await ListAsync()).FirstOrDefault(session => session.Status == SessionStatus.InProgress), "the first of them");
        var single = await one.PostAsync("/v1/sessions", new { prompt = "a kite", frameCount = 1 }).ReadAsync<Session>();
        await many.PostAsync($"/v1/sessions/{first.Id}/cancel", new { }).ReadAsync<Session>();
        Assert.Equal(SessionStatus.Completed, (await one.EndedAsync(single.Id)).Status);
        Assert.InRange((await ListAsync()).Count(session => session.Status == SessionStatus.Queued), 4, 5);

        // There is room for one now, and its key was not used up.
        using var again = await many.PostOnceAsync("/v1/sessions", answers.Except(accepted).First().Key, story);
        Assert.Equal((202, false), ((int)again.StatusCode, again.IsReplayed()));
        foreach (var session in (await ListAsync()).Where(session => session.Status is SessionStatus.Queued or SessionStatus.InProgress))
        {
            using var canceled = await many.PostAsync($"/v1/sessions/{session.Id}/cancel", new { });
        }

        async Task<IReadOnlyList<Session>> ListAsync() => (await many.GetAsync<Page<Session>>("/v1/sessions?limit=100")).Items;
    }
}

public sealed class QueueOnSqlite(RunningFrameService service) : QueueTests(service), IClassFixture<RunningFrameService>;

[Needs(TestServers.Postgres)]
public sealed class QueueOnPostgres(FrameServiceOnPostgres service) : QueueTests(service), IClassFixture<FrameServiceOnPostgres>;
