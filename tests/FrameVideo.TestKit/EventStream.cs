using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using FrameVideo.Contracts;

namespace FrameVideo.TestKit;

/// <summary>A stream of server-sent events, read as any client of the standard reads it.</summary>
public sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly IAsyncEnumerable<SseItem<string>> _items;

    private EventStream(HttpResponseMessage answer, Stream body) => (_answer, _items) = (answer, SseParser.Create(body).EnumerateAsync());

    /// <summary>Connects; null where there is nothing more to say (204).</summary>
    /// <param name="http">The client; its headers are sent, too.</param>
    /// <param name="path">The address.</param>
    /// <param name="lastEventId">What was seen before.</param>
    public static async Task<EventStream?> OpenAsync(HttpClient http, string path, string? lastEventId = null)
    {
        var answer = await SendAsync(http, path, lastEventId);
        if (answer.IsSuccessStatusCode && answer.StatusCode != System.Net.HttpStatusCode.NoContent) return new EventStream(answer, await answer.Content.ReadAsStreamAsync());
        using (answer)
        {
            return answer.IsSuccessStatusCode ? null : throw new HttpRequestException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}", null, answer.StatusCode);
        }
    }

    /// <summary>Asks for the stream, and answers as soon as the headers are there.</summary>
    public static Task<HttpResponseMessage> SendAsync(HttpClient http, string path, string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Entries of the log as they come, to the stream's end; what is between them goes to <paramref name="ticks"/>.</summary>
    public async IAsyncEnumerable<Event> ReadAsync(ICollection<ProgressTick>? ticks = null)
    {
        await foreach (var item in _items)
        {
            if (item.EventType == "progress")
            {
                if (item.EventId is not null) throw new InvalidDataException("A tick has an id.");
                ticks?.Add(JsonSerializer.Deserialize<ProgressTick>(item.Data, WireJson.Options)!);
                continue;
            }

            var entry = JsonSerializer.Deserialize<Event>(item.Data, WireJson.Options)!;
            if (item.EventId != entry.Number.ToString() || item.EventType != entry.Type) throw new InvalidDataException($"The event {entry.Id} came as {item.EventId}, {item.EventType}.");
            yield return entry;
        }
    }

    /// <summary>Follows to the end as a client whose connection is cut after each event, and which goes on after the last one that it has seen.</summary>
    public static async Task<IReadOnlyList<Event>> FollowWithCutsAsync(HttpClient http, string path, ICollection<ProgressTick>? ticks = null, int cutAfter = 1)
    {
        var seen = new List<Event>();
        while (await OpenAsync(http, path, seen.Count == 0 ? null : seen[^1].Number.ToString()) is { } stream)
        {
            using (stream)
            {
                var count = 0;
                await foreach (var entry in stream.ReadAsync(ticks))
                {
                    seen.Add(entry);
                    if (++count == cutAfter) break;
                }
            }
        }

        return seen;
    }

    /// <inheritdoc/>
    public void Dispose() => _answer.Dispose();
}
