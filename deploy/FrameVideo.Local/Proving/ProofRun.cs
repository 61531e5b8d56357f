using FrameVideo.Contracts;
using FrameVideo.Local.Client;

namespace FrameVideo.Local.Proving;

/// <summary>What every scenario needs: the pair's API, the switch that cuts storage, and the list of what held.</summary>
/// <param name="Pair">The API, through the front door.</param>
/// <param name="Data">The data folder of this run.</param>
/// <param name="Checks">What was checked.</param>
/// <param name="Clock">Measures how long things took.</param>
internal sealed record ProofRun(PairClient Pair, string Data, Checklist Checks, TimeProvider Clock)
{
    /// <summary>While this file exists, the object store refuses everything, as an outage does.</summary>
    public string OutageFile => OutageFileIn(Data);

    public static string OutageFileIn(string data) => Path.Combine(data, "outage");

    /// <summary>Reads the session again and again until it is as wanted.</summary>
    public async Task<Session> UntilAsync(RequestId id, Func<Session, bool> wanted, string what, TimeSpan patience, CancellationToken cancellation)
    {
        var began = Clock.GetTimestamp();
        while (true)
        {
            var session = await Pair.GetSessionAsync(id, cancellation);
            if (wanted(session)) return session;
            if (session.Status is SessionStatus.Failed or SessionStatus.Canceled) throw new CheckFailed($"the session ended as {session.Status}: {session.Error?.Message}");
            if (Clock.GetElapsedTime(began) > patience) throw new CheckFailed($"{what} within {patience.TotalSeconds:0} s; its frames are {Counts(session)}");
            await Task.Delay(TimeSpan.FromMilliseconds(15), Clock, cancellation);
        }
    }

    /// <summary>Such as "3 stored, 9 inline".</summary>
    public static string Counts(Session session) => string.Join(
        ", ", (session.Frames ?? []).CountBy(frame => frame.Status).OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {pair.Key.ToString().ToLowerInvariant()}"));

    public static int Count(Session session, FrameStatus status) => session.Frames?.Count(frame => frame.Status == status) ?? 0;

    /// <summary>The bytes behind a link, asked for as a browser's <c>img</c> would: with no header of ours.</summary>
    public async Task<byte[]> FetchAsync(string link, CancellationToken cancellation)
    {
        using var answer = await Pair.OpenAsync(link, cancellation);
        return await answer.Content.ReadAsByteArrayAsync(cancellation);
    }
}
