using System.Security.Cryptography;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameService.Sessions;

/// <summary>The rows with which sessions begin.</summary>
internal sealed class NewSessions(TimeProvider clock)
{
    /// <summary>A session under which pictures were uploaded before anything was saved or asked for.</summary>
    public SessionRow Draft(SessionKey key) => new()
    {
        UserId = key.UserId,
        RequestId = key.RequestId,
        Status = WireText.Of(SessionStatus.Draft),
        CreatedAt = clock.GetRowTime(),
        UpdatedAt = clock.GetRowTime(),
    };

    /// <summary>A seed that JavaScript can hold exactly.</summary>
    public static long Seed() => RandomNumberGenerator.GetInt32(int.MaxValue);
}
