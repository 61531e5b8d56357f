using System.Text.Json;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Callbacks;

namespace FrameVideo.Hosting.Tests.Callbacks;

/// <summary>An implementation that is not ours: npm's <c>standardwebhooks</c>.</summary>
internal static class StandardWebhooks
{
    /// <summary>Verifies callbacks as a receiver does; beside each what is wrong, or null.</summary>
    public static IReadOnlyList<string?> Verify(params IEnumerable<(string Secret, ReceivedCallback Callback)> callbacks)
    {
        var input = callbacks.Select(pair => new { secret = pair.Secret, headers = pair.Callback.Headers, body = Convert.ToBase64String(pair.Callback.Body) });
        return JsonSerializer.Deserialize<List<string?>>(NodePrograms.Run("node", ["verify-callbacks.mjs"], JsonSerializer.Serialize(input)))!;
    }
}
