using System.Collections.Concurrent;
using System.Diagnostics;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.EndToEnd.Tests.Faults;

/// <summary>Several users who upload picture after picture, and remember what they were promised.</summary>
internal sealed class UploadLoad : IAsyncDisposable
{
    private readonly Pair _pair;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<Upload> _acknowledged = new();
    private readonly ConcurrentQueue<string> _answers = new();
    private readonly Task[] _users;
    private int _pictures;

    /// <summary>Begins at once.</summary>
    /// <param name="pair">The services.</param>
    /// <param name="users">Users at a time.</param>
    /// <param name="pause">Between two uploads of one user.</param>
    public UploadLoad(Pair pair, int users, TimeSpan pause)
    {
        _pair = pair;
        _users = [.. Enumerable.Range(1, users).Select(number => Task.Run(() => UserAsync($"user{number}", pause)))];
    }

    /// <summary>Uploads that were answered with success, in the order of their answers.</summary>
    public IReadOnlyCollection<Upload> Acknowledged => _acknowledged;

    /// <summary>Every answer that was neither success nor 503 as it has to be (problem+json, Retry-After).</summary>
    public IReadOnlyCollection<string> Wrong => [.. _answers.Where(answer => answer != "503")];

    /// <summary>How often 503 was answered.</summary>
    public int Unavailable => _answers.Count(answer => answer == "503");

    /// <summary>Waits for uploads that were begun from now on, and answered with success, for each user one.</summary>
    public Task WorksAsync(string what, TimeSpan limit, FrameStatus? status = null)
    {
        var from = Stopwatch.GetTimestamp();
        return Wait.UntilAsync(
            () => Task.FromResult(_acknowledged.Where(upload => upload.Begun >= from && (status is null || upload.Status == status)).Select(upload => upload.User).Distinct().Count() == _users.Length), what, limit);
    }

    /// <summary>No more uploads.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_users);
    }

    /// <summary>Reads every acknowledged picture back and compares it byte for byte, by its hash.</summary>
    public async Task AllAreThereAsync()
    {
        foreach (var user in _acknowledged.GroupBy(upload => upload.User))
        {
            using var http = _pair.FrameClient(user.Key);
            foreach (var session in user.GroupBy(upload => upload.Session))
            {
                var frames = (await http.GetAsync<Session>($"/v1/sessions/{session.Key}")).Frames!;
                foreach (var upload in session)
                {
                    var frame = frames.Single(frame => frame.Number == upload.Number);
                    Assert.Equal((FrameStatus.Stored, upload.Sha256, upload.Sha256), (frame.Status, frame.Sha256, Pictures.Sha256(await http.GetByteArrayAsync(frame.ImageUrl))));
                }
            }
        }
    }

    /// <summary>Waits until nothing acknowledged is inline any more.</summary>
    public async Task AllAreStoredAsync(TimeSpan limit)
    {
        foreach (var session in _acknowledged.Where(upload => upload.Status == FrameStatus.Inline).Select(upload => (upload.User, upload.Session)).Distinct())
        {
            using var http = _pair.FrameClient(session.User);
            await Wait.UntilAsync(
                async () => (await http.GetAsync<Session>($"/v1/sessions/{session.Session}")).Frames!.All(frame => frame.Status == FrameStatus.Stored), $"the inline frames of {session.Session} to be moved", limit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task UserAsync(string user, TimeSpan pause)
    {
        using var http = _pair.FrameClient(user);
        while (!_end.IsCancellationRequested)
        {
            var session = RequestId.New(TimeProvider.System);
            for (var number = 1; number <= 10 && !_end.IsCancellationRequested; number++)
            {
                await UploadAsync(http, user, session, number);
                await Task.Delay(pause);
            }
        }
    }

    private async Task UploadAsync(HttpClient http, string user, RequestId session, int number)
    {
        // Each picture has bytes of its own, so each upload has a key of its own.
        var picture = Pictures.Png(64, 36, 0xff000000u | (uint)Interlocked.Increment(ref _pictures));
        var begun = Stopwatch.GetTimestamp();
        try
        {
            using var response = await http.PutPictureAsync(session, number, picture);
            if (response.IsSuccessStatusCode)
            {
                var frame = await Task.FromResult(response).ReadAsync<Frame>();
                _acknowledged.Enqueue(new Upload(user, session, number, Pictures.Sha256(picture), frame.Status, frame.ObjectKey!.Value.ToString(), begun));
                return;
            }

            var isAsItHasToBe = (int)response.StatusCode == 503 && response.Headers.RetryAfter is not null && response.Content.Headers.ContentType?.MediaType == "application/problem+json";
            _answers.Enqueue(isAsItHasToBe ? "503" : $"{(int)response.StatusCode} {response.Headers.RetryAfter} {await response.Content.ReadAsStringAsync()}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            _answers.Enqueue(e.ToString());
        }
    }
}

/// <summary>An upload that was answered with success.</summary>
internal sealed record Upload(string User, RequestId Session, int Number, string Sha256, FrameStatus Status, string Key, long Begun);
