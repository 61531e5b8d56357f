using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FrameVideo.Contracts;

namespace FrameVideo.TestKit;

/// <summary>
/// One user's client of several nodes, as a sensible client is: it asks any of them, and asks again, soon and elsewhere, where no answer came or the answer says to come again. Every
/// POST has an <c>Idempotency-Key</c>, the same for all its attempts.
/// </summary>
public sealed class SpreadClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly IReadOnlyList<HttpClient> _nodes;
    private int _next;

    public SpreadClient(IEnumerable<ServiceProcess> nodes, string user) => _nodes = [.. nodes.Select(node => Http.Client(node.Address, user))];

    /// <summary>Asks, until there is an answer that counts; null where none came in time, so that nobody knows what has happened.</summary>
    /// <param name="method">How.</param>
    /// <param name="path">Where, below any node's address; an absolute address is asked as it is.</param>
    /// <param name="body">Makes the body, for each attempt anew.</param>
    public async Task<Answer?> SendAsync(HttpMethod method, string path, Func<HttpContent>? body = null)
    {
        using var end = new CancellationTokenSource(Patience);
        var key = RandomNumberGenerator.GetHexString(24);
        while (true)
        {
            var pause = TimeSpan.FromMilliseconds(100);
            try
            {
                using var request = new HttpRequestMessage(method, path) { Content = body?.Invoke() };
                if (method == HttpMethod.Post) request.Headers.Add("Idempotency-Key", key);
                var node = _nodes[(int)((uint)Interlocked.Increment(ref _next) % (uint)_nodes.Count)];
                using var response = await node.SendAsync(request, end.Token);
                var bytes = await response.Content.ReadAsByteArrayAsync(end.Token);
                if (!ComeAgain(response)) return new Answer(response.StatusCode, bytes, response.Headers.ETag?.Tag, response.Headers.TryGetValues("Idempotent-Replayed", out _));
                // What a service asks for, but not longer than a test has.
                if (response.Headers.RetryAfter?.Delta is { } asked) pause = asked < TimeSpan.FromMilliseconds(500) ? asked : TimeSpan.FromMilliseconds(500);
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException || (lost is OperationCanceledException && !end.IsCancellationRequested))
            {
                // Its node was killed before it answered.
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            if (end.IsCancellationRequested) return null;
            await Task.Delay(pause);
        }
    }

    public Task<Answer?> PostAsync(string path, object body)
    {
        var json = JsonSerializer.Serialize(body, WireJson.Options);
        return SendAsync(HttpMethod.Post, path, () => new StringContent(json, Encoding.UTF8, "application/json"));
    }

    public Task<Answer?> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer?> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<Answer?> PutPictureAsync(RequestId id, int number, byte[] picture) => SendAsync(HttpMethod.Put, $"/v1/sessions/{id}/frames/{number}", () =>
    {
        var content = new ByteArrayContent(picture);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return content;
    });

    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
    }

    private static bool ComeAgain(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
        || (response.StatusCode == HttpStatusCode.Conflict && response.Headers.RetryAfter is not null);
}

/// <summary>What a node has answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Bytes">The body.</param>
/// <param name="Tag">The ETag's opaque part.</param>
/// <param name="IsReplay">Whether this is the outcome of an earlier attempt.</param>
public sealed record Answer(HttpStatusCode Status, byte[] Bytes, string? Tag, bool IsReplay)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The code of a refusal; null for a success.</summary>
    public string? Code => IsSuccess ? null : JsonSerializer.Deserialize<JsonElement>(Bytes).GetProperty("code").GetString();

    /// <summary>A resource's revision, from its ETag.</summary>
    public long Revision => long.Parse(Tag!.Trim('"').Split('-')[0], System.Globalization.CultureInfo.InvariantCulture);

    public T Read<T>() => JsonSerializer.Deserialize<T>(Bytes, WireJson.Options)!;

    public override string ToString() => $"{(int)Status} {Encoding.UTF8.GetString(Bytes)}";
}
