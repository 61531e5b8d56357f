using System.Net;
using System.Text.RegularExpressions;
using FrameService;
using FrameVideo.Hosting;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using VideoService;
using Xunit.Abstractions;

namespace FrameVideo.Api.Tests.Reads;

/// <summary>How PostgreSQL carries out what is read: as it says itself of the statements that the services really sent, by its module auto_explain.</summary>
[Needs(TestServers.Postgres)]
[Trait("Campaign", "reads")]
public sealed partial class PlanTests(ITestOutputHelper output)
{
    private const int Sessions = 3000;

    /// <summary>By which index each kind of reading finds its rows.</summary>
    private static readonly string[] Expected = ["sessions_pkey", "frames_pkey", "sessions_newest", "videos_pkey", "videos_newest", "video_pieces_pkey", "videos_of_request"];

    [ServerFact]
    public async Task Whatever_is_read_is_found_by_an_index()
    {
        await using var server = await OwnPostgres.StartAsync(fsync: false);
        await using var database = await server.NewDatabaseAsync();
        using var data = new TempFolder();
        string[] rows = ["Database:Kind=postgres", $"Database:ConnectionString={database.ConnectionString};Options='-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_analyze=on -c auto_explain.log_buffers=on -c auto_explain.log_timing=off'"];
        await using var frames = await RunningApp.StartAsync(args => FrameApp.Build(args), data, rows);
        await using var videos = await RunningApp.StartAsync(args => VideoApp.Build(args), data, [$"FrameService:Url={frames.Address}", .. rows]);
        await ReadRows.FillAsync(database.ConnectionString, Sessions);
        var before = server.Log.Length;
        var one = (await ReadRows.SampleAsync(database.ConnectionString, 50)).First(row => row.User == ReadRows.Busy);
        var deep = Paging.Write(one.CreatedAt, one.Session);
        var films = Paging.Write(one.CreatedAt, one.Film);
        foreach (var path in new[] { $"/v1/sessions/{one.Session}", $"/v1/sessions/{one.Session}/frames/3", "/v1/sessions", $"/v1/sessions?cursor={deep}", $"/v1/sessions/{one.Session}/events", $"/v1/sessions/{one.Session}/deliveries" }) await ReadAsync(frames, path);
        foreach (var path in new[] { $"/v1/videos/{one.Film}", "/v1/videos", $"/v1/videos?cursor={films}", $"/v1/videos?requestId={one.Session}", $"/v1/videos/{one.Film}/content?variant=clip&clip=2", $"/v1/videos/{one.Film}/events" }) await ReadAsync(videos, path);

        // The sweep, which goes over all users, may come in between; it is no reading of anybody's.
        var plans = Plan().Split(server.Log[before..]).Skip(1).Where(plan => !plan.Contains("SELECT DISTINCT user_id", StringComparison.Ordinal)).ToList();
        foreach (var plan in plans) output.WriteLine(plan);
        Assert.DoesNotContain(plans, plan => plan.Contains("Seq Scan on sessions", StringComparison.Ordinal) || plan.Contains("Seq Scan on frames", StringComparison.Ordinal)
            || plan.Contains("Seq Scan on videos", StringComparison.Ordinal) || plan.Contains("Seq Scan on video_pieces", StringComparison.Ordinal));
        Assert.All(Expected, index => Assert.Contains(plans, plan => plan.Contains($"using {index}", StringComparison.Ordinal) || plan.Contains($"on {index}", StringComparison.Ordinal)));
    }

    private static async Task ReadAsync(RunningApp app, string path)
    {
        using var answer = await app.Client(ReadRows.Busy).GetAsync(path);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Found, $"{path} answers {(int)answer.StatusCode}");
    }

    [GeneratedRegex(@"(?=^.*LOG:  duration: .*plan:$)", RegexOptions.Multiline)]
    private static partial Regex Plan();
}
