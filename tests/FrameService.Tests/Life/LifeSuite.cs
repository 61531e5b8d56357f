using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameService.Tests.Life;

/// <summary>What the tests of a session's life have in common.</summary>
public abstract class LifeSuite(RunningFrameService service)
{
    private protected StandInArtist Artist => ((ILed)service).Artist;

    protected RunningFrameService Service => service;

    protected HttpClient Client => service.Http;

    /// <summary>A word that is in no other test's prompts.</summary>
    protected static string Word() => "q" + Guid.NewGuid().ToString("n")[..12];

    protected async Task<Session> BegunAsync(object body) => await Client.PostAsync("/v1/sessions", body).ReadAsync<Session>();

    protected async Task<Session> EndedAsync(object body) => await Client.EndedAsync((await BegunAsync(body)).Id);

    protected Task<Session> GetAsync(RequestId id) => Client.GetAsync<Session>($"/v1/sessions/{id}");

    protected Task<Frame> FrameAsync(RequestId id, int number) => Client.GetAsync<Frame>($"/v1/sessions/{id}/frames/{number}");

    protected Task<HttpResponseMessage> PostAsync(string? link, object? body = null) =>
        body is null ? Client.PostAsync(link, content: null) : Client.PostAsync(link!, body);

    protected Task<Frame> RegenerateAsync(RequestId id, int number, object? body = null) => PostAsync($"/v1/sessions/{id}/frames/{number}/regenerate", body).ReadAsync<Frame>();

    protected async Task<(int Status, string Code)> RefusedAsync(string link, object? body = null)
    {
        var (status, code, _) = await PostAsync(link, body).RefusalAsync();
        return (status, code);
    }

    /// <summary>The types of all entries, whose numbers have neither gaps nor doubles and whose attempts never go back.</summary>
    protected async Task<IReadOnlyList<string>> EventsAsync(RequestId id)
    {
        var events = (await Client.GetAsync<Page<Event>>($"/v1/sessions/{id}/events?limit=100")).Items;
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(entry => entry.Number));
        Assert.Equal(events.Select(entry => entry.Attempt).Order(), events.Select(entry => entry.Attempt));
        return [.. events.Select(entry => entry.Type["session.".Length..])];
    }

    protected async Task<JsonElement> LastEventAsync(RequestId id) => (await Client.GetAsync<Page<Event>>($"/v1/sessions/{id}/events?limit=100")).Items[^1].Data;

    protected Task HeldAtAsync(string word, int count = 1) => Wait.UntilAsync(() => Artist.Of(word).Count >= count, $"the artist to be at {word}");
}
