using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FrameVideo.Api.Tests.Isolation;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using Xunit.Abstractions;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>Throws requests at both services, made from their own documents: whatever they are, they are answered in time, in the form of the document, without a fault.</summary>
public sealed partial class FuzzTests(ITestOutputHelper output)
{
    private const int Workers = 4;

    /// <summary>Longer than any request may take, the upload's own patience included; what is slower hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("FRAMEVIDEO_LONG") == "1";
    private static readonly int Seed = Environment.GetEnvironmentVariable("FRAMEVIDEO_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : IsLong ? RandomNumberGenerator.GetInt32(int.MaxValue) : 20_261_126;
    private static readonly double Minutes = double.Parse(Environment.GetEnvironmentVariable("FRAMEVIDEO_MINUTES") ?? "60", CultureInfo.InvariantCulture);
    private readonly ConcurrentDictionary<string, string> _findings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _named = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, int> _statuses = [];
    private readonly ConcurrentDictionary<string, byte> _reached = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _undocumented = new(StringComparer.Ordinal);
    private readonly Pool _pool = new();
    private int _count;
    private int _unanswered;

    [Fact]
    [Trait("Campaign", "fuzz")]
    public async Task Whatever_is_asked_is_answered_in_time_and_in_form()
    {
        using var folder = new TempFolder();
        var file = folder.Combine("keys.json");
        string[] keys = [Keys.Add(file, "anna", "anna", Keys.Everything), Keys.Add(file, "berta", "berta", Keys.Everything), Keys.Add(file, "admin", "root", "admin"), Keys.Add(file, "reader", "anna", "frames:read", "videos:read")];
        var own = Keys.Add(file, "dora", Things.User, Keys.Everything);
        await using var pair = await Pair.StartAsync(settings: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Auth:ApiKeysFile"] = file,
            ["PublicUrl"] = "http://127.0.0.1",
            ["Callbacks:Secrets:0"] = $"whsec_{Convert.ToBase64String(new byte[32])}",
            ["Limits:QueuedPerUser"] = "2",
            ["RateLimits:Reads"] = "0",
            ["RateLimits:Writes"] = "0",
            ["RateLimits:Uploads"] = "0",
            ["RateLimits:Links"] = "0",
            ["RateLimits:Unauthenticated"] = "0",
            ["RateLimits:FailedAuthentications"] = "0",
            ["Generation:FrameConcurrency"] = "1",
            ["Rendering:Workers"] = "1",
            ["Jobs:Concurrency"] = "1",
        });
        Uri[] addresses = [new(pair.Frames.Address), new(pair.Videos.Address)];
        ApiDocument[] documents = [new(0, await ReadDocumentAsync(addresses[0])), new(1, await ReadDocumentAsync(addresses[1]))];
        var cases = new Cases(documents, _pool, keys);
        var bent = new Bent(documents, _pool, own, keys[2]);
        await EveryOperationAsync(addresses, bent, await Things.MakeAsync(pair, own, isWaited: true, Learn));
        var things = await Things.MakeAsync(pair, own, isWaited: false, Learn);
        await BeginAsync(pair, keys[0]);

        var clock = Stopwatch.StartNew();
        var length = IsLong ? TimeSpan.FromMinutes(Minutes) : TimeSpan.FromMinutes(2);
        var share = IsLong ? int.MaxValue : 250;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(unchecked(Seed + (worker * 7919)));
            for (var i = 0; i < share && clock.Elapsed < length && _findings.Count < 30; i++)
            {
                await TryAsync(addresses, random.Next(3) == 0 ? bent.One(random, things) : cases.Make(random));
                if (i % 60 == 59 && worker == 0) await BeginAsync(pair, keys[i / 60 % 4 == 3 ? 1 : 0]);
                if (i % 300 == 299 && worker == 1) things = await Things.MakeAsync(pair, own, isWaited: false, Learn);
            }
        })));

        await AfterwardsAsync(pair, file);
        var line = $"FRAMEVIDEO_SEED={Seed}: {_count} requests of {_reached.Count} of {cases.OperationCount} operations in {clock.Elapsed.TotalSeconds:F0} s, answers {string.Join(", ", _statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}"))}; "
            + $"frames {pair.Frames.ResidentBytes >> 20} MiB, videos {pair.Videos.ResidentBytes >> 20} MiB; {_findings.Count} findings";
        output.WriteLine(line);
        if (IsLong) Console.WriteLine(line);
        foreach (var (fault, count) in _undocumented.OrderBy(entry => entry.Key, StringComparer.Ordinal)) output.WriteLine($"{fault}: {count}");
        Assert.True(_findings.IsEmpty, line + "\n" + string.Join("\n\n", _findings.Values.Take(IsLong ? 30 : 10)));
        Assert.Equal(cases.OperationCount, _reached.Count);
        if (IsLong) Assert.Empty(_undocumented);
    }

    private static async Task<string> ReadDocumentAsync(Uri address)
    {
        using var http = Http.Client(address.ToString());
        return await http.GetStringAsync("/openapi/v1.json");
    }

    /// <summary>Each operation asked for as it wants to be asked, so that none is fuzzed from outside alone.</summary>
    private async Task EveryOperationAsync(Uri[] addresses, Bent bent, Things things)
    {
        foreach (var operation in bent.InOrder)
        {
            // What comes too early or waits for a place is asked for again.
            RawAnswer? answer = null;
            await Wait.UntilAsync(async () => (answer = await TryAsync(addresses, bent.Right(operation, things))) is not { Status: 409 or 429 }, $"a place for {operation}", TimeSpan.FromSeconds(20));
            if (answer is not { Status: >= 200 and < 400 }) _findings.TryAdd($"reach {operation}", $"{operation} is not reached: {answer?.Status} {Clip(answer?.Text ?? "")}");
        }
    }

    /// <summary>Something that is there: a session of two frames and a film of them.</summary>
    private async Task BeginAsync(Pair pair, string key)
    {
        using var frames = pair.FrameClient();
        using var videos = pair.VideoClient();
        frames.DefaultRequestHeaders.Add("X-API-Key", key);
        videos.DefaultRequestHeaders.Add("X-API-Key", key);
        var id = RequestId.New(TimeProvider.System);
        _named.TryAdd(id.ToString(), 0);
        for (var number = 1; number <= 2; number++) (await frames.PutPictureAsync(id, number, Pictures.Png())).Dispose();
        using var saved = await frames.PostAsync("/v1/sessions", new { requestId = id.ToString(), videoDuration = 2, callbackUrl = "https://example.org/hook", frames = new[] { new { number = 1 }, new { number = 2 } } });
        Learn(await saved.Content.ReadAsStringAsync());
        using var film = await videos.PostAsync("/v1/videos", new { requestId = id.ToString(), quality = "draft", fps = 24, callbackUrl = "https://example.org/hook" });
        Learn(await film.Content.ReadAsStringAsync());
        foreach (var number in new[] { 2, 3 }) _pool.Learn("evt", $"evt_{id}_{number}");
    }

    private async Task<RawAnswer?> TryAsync(Uri[] addresses, Case sent)
    {
        Interlocked.Increment(ref _count);
        string? fault;
        RawAnswer? answer = null;
        try
        {
            answer = await RawHttp.SendAsync(addresses[sent.Service], sent.Bytes, sent.HangsUp, Patience);
            _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
            if (sent.Operation is { } operation && answer.Status is >= 200 and < 400) _reached.TryAdd(operation.ToString(), 0);
            // Whatever an answer names may be there; of the others nothing may.
            if (answer.Status is < 300 or >= 500) Learn(answer.Text);
            if (answer.Status == 0 && sent.Operation is { Method: "POST" or "PUT" }) Interlocked.Increment(ref _unanswered);
            if (answer.Status == 0) foreach (Match name in Names().Matches(Uri.UnescapeDataString(Encoding.UTF8.GetString(sent.Bytes)))) _named.TryAdd(name.Value, 0);
            fault = Verdict.Of(sent, answer);
        }
        catch (TimeoutException hanging)
        {
            fault = $"hangs: {hanging.Message}";
        }

        if (fault is null) return answer;
        // Told of in any case; the campaign fails by it, and goes on meanwhile.
        if (fault.Contains("is not documented", StringComparison.Ordinal))
        {
            _undocumented.AddOrUpdate(fault, 1, (_, count) => count + 1);
            return answer;
        }

        _findings.TryAdd($"{fault} {sent.Operation}", $"{fault}\n  {sent.Operation}\n  printf '{Escape(sent.Bytes)}' | nc 127.0.0.1 <port of {(sent.Service == 0 ? "FrameService" : "VideoService")}>\n  {answer?.Head}\n  {Clip(answer?.Text ?? "")}");
        return answer;
    }

    /// <summary>What was left behind: lines of logs, spooled files, rows of requests that failed, and whether the services answer.</summary>
    private async Task AfterwardsAsync(Pair pair, string keys)
    {
        foreach (var service in new[] { pair.Frames, pair.Videos })
        {
            using var http = Http.Client(service.Address);
            using var health = await http.GetAsync("/health/ready");
            if (!health.IsSuccessStatusCode) _findings.TryAdd("health", $"health/ready is {(int)health.StatusCode}");
            foreach (var fault in Verdict.OfLog(service.Log).Take(20)) _findings.TryAdd(fault, Clip(fault));
            if (service.ResidentBytes > 1L << 30) _findings.TryAdd("memory", $"It holds {service.ResidentBytes >> 20} MiB.");
        }

        await Wait.UntilAsync(() => Directory.GetFiles(pair.Data.Combine("data", "spool"), "*.part", SearchOption.AllDirectories).Length == 0, "the spool to be empty");
        await using var rows = pair.Rows();
        // Where a connection ended without an answer nobody knows what came of the request.
        var unnamed = (await rows.FramesAsync("SELECT request_id FROM sessions")).Select(row => (string)row[0]!).Where(id => !_named.ContainsKey(id)).ToList();
        if (unnamed.Count > _unanswered) _findings.TryAdd("rows", $"There are sessions that no answer named, more than the {_unanswered} that may have been: {string.Join(", ", unnamed.Take(10))}");

        Assert.True(File.Exists(keys));
    }

    private void Learn(string text)
    {
        foreach (Match name in Names().Matches(text))
        {
            _named.TryAdd(name.Value, 0);
            _pool.Learn(name.Value[..3], name.Value);
        }

        foreach (Match link in Links().Matches(text)) _pool.Learn("link", link.Value);
    }

    private static string Clip(string text) => text.Length > 1500 ? text[..1500] : text;

    private static string Escape(byte[] bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes.AsSpan(0, Math.Min(bytes.Length, 3000)))
        {
            if (b is >= 32 and < 127 && b is not ((byte)'%' or (byte)'\\' or (byte)'\'')) text.Append((char)b);
            else text.Append(b == '%' ? "%%" : $"\\x{b:x2}");
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\b(?:req|vid)_[0-9]{1,16}_[0-9a-z]{1,16}\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();

    [GeneratedRegex("""https?://127\.0\.0\.1[^"\s]*""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Links();
}
