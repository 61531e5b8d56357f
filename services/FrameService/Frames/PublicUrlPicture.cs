using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Frames;

/// <summary>Fetches a picture that anybody can read, through the guard, and within a time.</summary>
internal sealed class PublicUrlPicture(GuardedHttp guarded)
{
    private static readonly TimeSpan FetchTime = TimeSpan.FromSeconds(30);

    /// <summary>Hands the picture's bytes to somebody while they come.</summary>
    /// <exception cref="ProblemException">url-refused, or url-unreachable.</exception>
    public async Task<KeptPicture> TakeAsync(string url, Func<Stream, Task<KeptPicture>> take, CancellationToken cancellationToken)
    {
        // The client's own time-out ends with the headers: a body that trickles would hold the request for ever.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(FetchTime);
        using var response = await guarded.GetAsync(url, cancellationToken);
        await using var content = new TellingStream(
            await response.Content.ReadAsStreamAsync(cancellationToken), ErrorCodes.UrlUnreachable, "The URL's answer breaks off, or takes too long.", limit.Token);
        return await take(content);
    }
}
