using System.Net.Http.Headers;
using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace VideoService;

/// <summary>
/// What a caller showed to this service, to be shown to the other one on its behalf within the request; never kept.
/// Beside it the resolved user, so that both services speak of the same one, and the correlation.
/// </summary>
internal sealed class CallerCredential
{
    private static readonly string[] Shown = ["Authorization", "X-API-Key"];
    private readonly List<KeyValuePair<string, string>> _headers = [];

    private CallerCredential(UserId userId) => UserId = userId;

    /// <summary>On whose behalf.</summary>
    public UserId UserId { get; }

    /// <summary>Takes over what the request shows.</summary>
    public static CallerCredential Of(HttpContext context, UserId userId)
    {
        var credential = new CallerCredential(userId);
        foreach (var name in Shown) credential.Add(name, context.Request.Headers[name].ToString());
        credential.Add("X-User-Id", userId.ToString());
        // What does not hold over there is counted there, for whoever has shown it and not for this service.
        credential.Add("X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString() ?? "");
        credential.Add("X-Correlation-Id", ServiceDefaults.CorrelationOf(context));
        return credential;
    }

    /// <summary>Shows it to the other service.</summary>
    public void Apply(HttpRequestHeaders headers)
    {
        foreach (var (name, value) in _headers) headers.TryAddWithoutValidation(name, value);
    }

    private void Add(string name, string value)
    {
        if (value.Length > 0) _headers.Add(new(name, value));
    }
}
