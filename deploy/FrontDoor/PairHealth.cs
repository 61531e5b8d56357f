namespace FrontDoor;

/// <summary>The health of the pair as one origin: ready when both services are.</summary>
internal sealed class PairHealth(HttpClient http, IConfiguration configuration)
{
    /// <summary>Asks nobody.</summary>
    public static IResult Live() => Results.Json(new { status = "ok" });

    /// <summary>Asks both services at the same time.</summary>
    public static async Task<IResult> Ready(PairHealth health, HttpContext context)
    {
        var frames = health.Answers("FrameService:Url", context.RequestAborted);
        var videos = health.Answers("VideoService:Url", context.RequestAborted);
        if (!await frames) return Problems.Unavailable(context, Backends.Frames);
        if (!await videos) return Problems.Unavailable(context, Backends.Videos);
        return Live();
    }

    private async Task<bool> Answers(string setting, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(new Uri(configuration[setting]!), "/health/ready"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
