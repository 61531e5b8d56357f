using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using FrameVideo.Contracts;

namespace FrameVideo.Local.Client;

/// <summary>The pair's HTTP API, as any client sees it through the front door.</summary>
internal sealed class PairClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;

    public PairClient(Uri address, UserId? user, TimeProvider clock)
    {
        _clock = clock;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        if (user is { } named) _http.DefaultRequestHeaders.Add("X-User-Id", named.ToString());
    }

    /// <summary>Begins a generation, or saves frames made elsewhere.</summary>
    public Task<Session> CreateSessionAsync(CreateSessionRequest request, CancellationToken cancellation) =>
        PostAsync<Session>("/v1/sessions", request, cancellation);

    public Task<Session> GetSessionAsync(RequestId id, CancellationToken cancellation) => GetAsync<Session>($"/v1/sessions/{id}", cancellation);

    /// <summary>Uploads one picture under a request ID, which need not be known to anybody before.</summary>
    public async Task<Frame> UploadFrameAsync(RequestId id, int number, string path, string contentType, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        using var body = new StreamContent(file);
        body.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/sessions/{id}/frames/{number}") { Content = body };
        return await SendAsync<Frame>(request, cancellation);
    }

    /// <summary>Asks what film would be made; nothing is kept.</summary>
    public Task<VideoPlan> PlanVideoAsync(CreateVideoRequest request, CancellationToken cancellation) =>
        PostAsync<VideoPlan>("/v1/videos/plan", request, cancellation);

    public Task<Video> CreateVideoAsync(CreateVideoRequest request, CancellationToken cancellation) => PostAsync<Video>("/v1/videos", request, cancellation);

    /// <summary>A resource by a link of the pair; a service that is away for a moment is waited for.</summary>
    public Task<T> GetAsync<T>(string link, CancellationToken cancellation) => PatientlyAsync<T>(() => new HttpRequestMessage(HttpMethod.Get, link), cancellation);

    /// <summary>Listens to what a resource's <c>links.events</c> tells.</summary>
    public News Follow(string link) => new(_http, link, _clock);

    /// <summary>Opens what a link leads to, without credentials of any kind: links work by themselves.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string link, CancellationToken cancellation)
    {
        var answer = await _http.GetAsync(link, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer) throw await Refusal.ReadAsync(answer, cancellation);
    }

    /// <summary>Stops what a <c>cancel</c> link belongs to.</summary>
    public async Task CancelAsync(string link, CancellationToken cancellation)
    {
        using var answer = await _http.PostAsync(link, content: null, cancellation);
    }

    public async Task DeleteSessionAsync(RequestId id, CancellationToken cancellation)
    {
        using var answer = await _http.DeleteAsync($"/v1/sessions/{id}", cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Asks for something to be made. The key is the request's name: where an answer was lost on its way, asking again makes nothing twice.</summary>
    private Task<T> PostAsync<T>(string path, object body, CancellationToken cancellation)
    {
        var key = RandomNumberGenerator.GetHexString(32, lowercase: true);
        return PatientlyAsync<T>(
            () => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, body.GetType(), options: WireJson.Options), Headers = { { "Idempotency-Key", key } } },
            cancellation);
    }

    private async Task<T> PatientlyAsync<T>(Func<HttpRequestMessage> ask, CancellationToken cancellation)
    {
        var began = _clock.GetTimestamp();
        while (true)
        {
            try
            {
                using var request = ask();
                return await SendAsync<T>(request, cancellation);
            }
            catch (Exception error) when (error is HttpRequestException or Refusal { IsPassing: true } && _clock.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), _clock, cancellation);
            }
        }
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var answer = await _http.SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode) throw await Refusal.ReadAsync(answer, cancellation);
        return await answer.Content.ReadFromJsonAsync<T>(WireJson.Options, cancellation)
            ?? throw new PlainFailure($"{request.RequestUri} answered with nothing.");
    }
}
