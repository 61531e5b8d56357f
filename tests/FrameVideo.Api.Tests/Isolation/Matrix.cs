using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using Xunit.Abstractions;

namespace FrameVideo.Api.Tests.Isolation;

/// <summary>
/// Runs cells, one after the other: somebody asks for something of anna's, is answered as the cell says, is told nothing of hers, and has changed nothing of hers. Where a thing is to be
/// hidden, the same request for one that never was is answered alike, header by header.
/// </summary>
internal sealed partial class Matrix(World world)
{
    /// <summary>What differs between any two answers.</summary>
    private static readonly HashSet<string> Passing = new(["Date", "X-Correlation-Id", "RateLimit", "RateLimit-Policy", "Transfer-Encoding", "Content-Length"], StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _failures = [];
    private string? _before;

    /// <summary>How many were run.</summary>
    public int Count { get; private set; }

    /// <summary>A cell whose thing is hidden: as if there were none.</summary>
    public async Task HiddenAsync(string name, RunningApp app, string? caller, Func<Names, HttpRequestMessage> make, Names target, ErrorCode code)
    {
        var never = await AskAsync($"{name}, never", app, caller, make(target.Never()));
        var answer = await AskAsync(name, app, caller, make(target));
        Expect(name, answer, [code.Status], code);
        var (one, other) = (target.Blank(answer.Plain), target.Never().Blank(never.Plain));
        if (one != other) _failures.Add($"{name}: can be told from what never was.\n  {one}\n  {other}");
        if (make(target).Method != HttpMethod.Get) await UnchangedAsync(name);
    }

    /// <summary>A cell that is refused, for whatever reason, and for the same reason where there never was such a thing.</summary>
    public async Task RefusedAsync(string name, RunningApp app, string? caller, Func<Names, HttpRequestMessage> make, Names target)
    {
        var never = await AskAsync($"{name}, never", app, caller, make(target.Never()));
        var answer = await AskAsync(name, app, caller, make(target));
        Expect(name, answer, [400, 403, 404, 409, 415, 422], null);
        var (one, other) = (target.Blank(answer.Plain), target.Never().Blank(never.Plain));
        if (one != other) _failures.Add($"{name}: can be told from what never was.\n  {one}\n  {other}");
        await UnchangedAsync(name);
    }

    /// <summary>A cell that is answered with certain statuses.</summary>
    public async Task AnsweredAsync(string name, RunningApp app, string? caller, HttpRequestMessage request, int[] statuses, ErrorCode? code = null)
    {
        Expect(name, await AskAsync(name, app, caller, request), statuses, code);
        if (request.Method != HttpMethod.Get) await UnchangedAsync(name);
    }

    /// <summary>A cell whose answer has to contain something, or not to.</summary>
    public async Task SaysAsync(string name, RunningApp app, string? caller, HttpRequestMessage request, Func<string, bool> holds)
    {
        var answer = await AskAsync(name, app, caller, request);
        if (!holds(answer.Plain)) _failures.Add($"{name}: {answer.Plain}");
        await UnchangedAsync(name);
    }

    /// <summary>Looks whether there is of anna what there was; on servers, where looking takes longer, now and then.</summary>
    public async Task UnchangedAsync(string name, bool atOnce = false)
    {
        if (!atOnce && world is ServersWorld) return;
        var after = await world.Annas.ReadAsync();
        if (after == _before) return;
        var (was, now) = (_before!.Split('\n'), after.Split('\n'));
        _failures.Add($"{name}: CHANGED\n  {string.Join("\n  ", was.Except(now).Concat(now.Except(was)).Take(6))}");
        _before = after;
    }

    /// <summary>Says how many cells there were, and fails where one did.</summary>
    public async Task EndAsync(ITestOutputHelper output)
    {
        await UnchangedAsync("in the end", atOnce: true);
        var line = $"{Count} cells, {_failures.Count} leaks";
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("FRAMEVIDEO_LONG") == "1") Console.WriteLine(line);
        Assert.True(_failures.Count == 0, string.Join("\n\n", _failures.Take(20).Select(failure => failure.Length > 2000 ? failure[..2000] : failure)));
    }

    private static string Describe(HttpRequestMessage request, string body) => $"{request.Method} {request.RequestUri} {request.Headers} {body}";

    private async Task<Answer> AskAsync(string name, RunningApp app, string? caller, HttpRequestMessage request)
    {
        Count++;
        _before ??= await world.Annas.ReadAsync();
        if (caller is not null)
        {
            request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", world.KeyOf(caller));
            if (caller == "backend" && !request.Headers.Contains("X-User-Id")) request.Headers.Add("X-User-Id", world.Berta.User);
        }

        using var http = app.Client();
        var asked = Describe(request, request.Content is null ? "" : await request.Content.ReadAsStringAsync());
        using var response = await http.SendAsync(request);
        var body = Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync());
        var headers = string.Join('\n', response.Headers.Concat(response.Content.Headers).Where(header => !Passing.Contains(header.Key)).OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"));
        var status = (int)response.StatusCode;
        if (world.Annas.FindIn($"{headers}\n{body}", Uri.UnescapeDataString(asked)) is { } word) _failures.Add($"{name}: LEAK of '{word}' in {status} {headers}\n{body}");
        if (status >= 500) _failures.Add($"{name}: {status} {body}");
        return new Answer(status, body, $"{status}\n{headers}\n{Trace().Replace(body, "\"traceId\":\"\"")}");
    }

    private void Expect(string name, Answer answer, int[] statuses, ErrorCode? code)
    {
        if (!statuses.Contains(answer.Status) || (code is not null && CodeOf(answer.Body) != code.Code))
            _failures.Add($"{name}: {answer.Status} instead of {string.Join("/", statuses)} {code?.Code}: {answer.Body}");
    }

    private static string? CodeOf(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body).TryGetProperty("code", out var code) ? code.GetString() : null;
        }
        catch (Exception none) when (none is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex("\"traceId\":\"[0-9a-f]*\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Trace();

    private sealed record Answer(int Status, string Body, string Plain);
}
