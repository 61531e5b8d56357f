using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Threading.Channels;

namespace FrameVideo.Local.Client;

/// <summary>
/// Says when there is something new about a session or a film, so that it is read again: as its stream of events tells it, else by time. A stream that breaks, or cannot be had, costs
/// freshness and nothing more.
/// </summary>
internal sealed class News : IAsyncDisposable
{
    /// <summary>Between two looks, where no stream tells.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The same where one does: a stream may be held back on its way without being broken.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(5);

    // One is as good as many: whoever looks sees all of them.
    private readonly Channel<bool> _waiting = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly Task _listening;
    private volatile bool _isTold;

    /// <summary>Begins to listen.</summary>
    /// <param name="http">The client.</param>
    /// <param name="link">The resource's <c>links.events</c>.</param>
    /// <param name="clock">Measures pauses.</param>
    public News(HttpClient http, string link, TimeProvider clock)
    {
        (_http, _clock) = (http, clock);
        _listening = ListenAsync(link, _end.Token);
    }

    /// <summary>Waits for something new, or until it is time to look all the same.</summary>
    public async Task NextAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(_isTold ? LongPause : Pause, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await _waiting.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Time to look.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _listening;
        _end.Dispose();
    }

    private async Task ListenAsync(string link, CancellationToken end)
    {
        var last = "";
        try
        {
            while (true)
            {
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, link);
                    request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
                    if (last.Length > 0) request.Headers.Add("Last-Event-ID", last);
                    using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end);
                    // Nothing more will be said.
                    if (answer.StatusCode == HttpStatusCode.NoContent) return;
                    _isTold = answer.IsSuccessStatusCode;
                    if (_isTold) last = await HearAsync(await answer.Content.ReadAsStreamAsync(end), last, end);
                }
                catch (Exception broken) when (broken is HttpRequestException or IOException)
                {
                    // By time, until it can be had again.
                }

                _isTold = false;
                _waiting.Writer.TryWrite(true);
                await Task.Delay(Pause, _clock, end);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody wants to know any more.
        }
        finally
        {
            _isTold = false;
        }
    }

    private async Task<string> HearAsync(Stream body, string last, CancellationToken end)
    {
        try
        {
            await foreach (var item in SseParser.Create(body).EnumerateAsync(end))
            {
                last = item.EventId ?? last;
                _waiting.Writer.TryWrite(true);
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            // What was heard so far counts.
        }

        return last;
    }
}
