using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using FrameVideo.Hosting;

namespace VideoService.Clips;

/// <summary>Runway's image-to-video tasks, version 2024-11-06 of its API, as docs.dev.runwayml.com and the types of its SDKs had them in November 2026.</summary>
/// <remarks>
/// It knows no idempotency key, and no list of one's tasks: between its taking a task and our keeping the ID there is a gap that nothing closes. What it says about mistakes:
/// <code>
/// 400 "You do not have enough credits ..."     insufficient-credit            401, 403          provider-refused
/// 400 otherwise                                provider-refused               429               provider-rate-limited; a daily limit, so it may be long
/// 5xx                                          provider-unavailable: not taken, "may retry"     no answer         the same, and may be paid
/// FAILED SAFETY.INPUT.*, INPUT_PREPROCESSING.SAFETY.*, SAFETY.OUTPUT.*        content-moderated, paid, not to be tried again
/// FAILED ASSET.INVALID                         provider-refused               FAILED otherwise  provider-unavailable, given back, may be tried again
/// </code>
/// </remarks>
internal sealed class RunwayClips(HttpClient http, Provider provider) : IClipProvider
{
    private const string Version = "2024-11-06";
    private const int MaxPrompt = 1000;
    private const int Shortest = 2;
    private const int Longest = 10;

    /// <summary>What a picture may be as a data URI, in all.</summary>
    private const int MaxDataUri = 5 * 1024 * 1024;

    /// <summary>What a clip may weigh; ten seconds have about ten MiB.</summary>
    private const long MaxClipBytes = 512L << 20;

    /// <summary>How long the hand-in of a task may take. It is not ended with the film that wants it: what was taken has to be known.</summary>
    private static readonly TimeSpan SubmitTime = TimeSpan.FromSeconds(60);

    private static readonly (string Name, int Width, int Height)[] Ratios =
        [("1280:720", 1280, 720), ("720:1280", 720, 1280), ("1104:832", 1104, 832), ("832:1104", 832, 1104), ("960:960", 960, 960), ("1584:672", 1584, 672)];

    /// <inheritdoc/>
    public Provider Provider => provider;

    /// <inheritdoc/>
    public ClipOffer Offer(double seconds, int width, int height)
    {
        var ratio = Ratios.MinBy(ratio => Math.Abs(Math.Log((double)ratio.Width / ratio.Height * height / width)));
        // Whole seconds, rounded up so that there is enough to be seen; a hair over is no second.
        var length = Math.Clamp((int)Math.Ceiling(seconds - 0.02), Shortest, Longest);
        // Pictures wider than two to one are not taken; what stands over is cut off there, from the middle of what it is given.
        var pictureHeight = Math.Max(ratio.Height, ratio.Width / 2);
        return new ClipOffer(provider.Options.ClipModel!, ratio.Name, length, ratio.Width, pictureHeight, length * (provider.Options.Prices.ClipSecond ?? 0));
    }

    /// <inheritdoc/>
    public string? Words(string? prompt)
    {
        var words = prompt?.Trim();
        // gen4.5 does not do without.
        if (string.IsNullOrEmpty(words)) return provider.Options.ClipModel == "gen4_turbo" ? null : "The scene comes to life.";
        if (words.Length <= MaxPrompt) return words;
        return words[..(char.IsHighSurrogate(words[MaxPrompt - 1]) ? MaxPrompt - 1 : MaxPrompt)];
    }

    /// <inheritdoc/>
    public async Task<string> SubmitAsync(ClipOrder order, CancellationToken cancellationToken)
    {
        var picture = $"data:image/jpeg;base64,{Convert.ToBase64String(order.Jpeg)}";
        if (picture.Length >= MaxDataUri) throw new ProviderException(ProviderFault.Refused, provider.Name, "The frame's picture is too large for the AI service.") { Field = "image" };
        var body = new HandIn(order.Offer.Model, picture, order.Prompt, order.Offer.Ratio, order.Offer.Seconds, order.Seed & uint.MaxValue);
        using var answer = await SendAsync(HttpMethod.Post, "v1/image_to_video", JsonContent.Create(body, options: JsonSerializerOptions.Web), isPaid: true, cancellationToken);
        return Text(answer.RootElement, "id") ?? throw Malformed(isPaid: true);
    }

    /// <inheritdoc/>
    public async Task<ClipProgress> PollAsync(string taskId, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"v1/tasks/{Uri.EscapeDataString(taskId)}", content: null, isPaid: false, cancellationToken);
        var task = answer.RootElement;
        return Text(task, "status") switch
        {
            "PENDING" or "THROTTLED" or "RUNNING" => new ClipProgress(null),
            "SUCCEEDED" => new ClipProgress(OutputOf(task)),
            "FAILED" => Failed(Text(task, "failureCode") ?? ""),
            "CANCELLED" => new ClipProgress(null, new ProviderException(ProviderFault.Unavailable, provider.Name, "The AI service says that the clip was canceled."), IsCharged: true),
            _ => throw Malformed(isPaid: false),
        };
    }

    /// <inheritdoc/>
    public async Task CancelAsync(string taskId, CancellationToken cancellationToken)
    {
        try
        {
            (await SendAsync(HttpMethod.Delete, $"v1/tasks/{Uri.EscapeDataString(taskId)}", content: null, isPaid: false, cancellationToken)).Dispose();
        }
        catch (ProviderException gone) when (gone.ServiceCode == "404")
        {
            // Then nothing is left to end.
        }
    }

    /// <inheritdoc/>
    public async Task DownloadAsync(Uri output, string path, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(provider.Options.Timeout);
        try
        {
            // The link is signed; the key is none of its host's business.
            using var response = await http.GetAsync(output, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!response.IsSuccessStatusCode) throw new ProviderException(ProviderFault.Unavailable, provider.Name, $"The clip's link answers with {(int)response.StatusCode}.");
            if (response.Content.Headers.ContentLength > MaxClipBytes) throw new ProviderException(ProviderFault.Malformed, provider.Name, "The clip is larger than any that is taken.");
            await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
            await using var file = File.Create(path);
            var (buffer, length) = (new byte[128 * 1024], 0L);
            while (await stream.ReadAsync(buffer, limit.Token) is > 0 and var read)
            {
                if ((length += read) > MaxClipBytes) throw new ProviderException(ProviderFault.Malformed, provider.Name, "The clip is larger than any that is taken.");
                await file.WriteAsync(buffer.AsMemory(0, read), limit.Token);
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException { HResult: not 28 } || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ProviderException(ProviderFault.Unavailable, provider.Name, "The clip could not be fetched whole.", broken);
        }
    }

    private async Task<JsonDocument> SendAsync(HttpMethod method, string path, HttpContent? content, bool isPaid, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(new Uri($"{provider.Options.Endpoint!.AbsoluteUri.TrimEnd('/')}/"), path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", provider.Options.ApiKey);
        request.Headers.Add("X-Runway-Version", Version);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(SubmitTime);
        try
        {
            using var response = await http.SendAsync(request, limit.Token);
            if (!response.IsSuccessStatusCode) throw await FaultAsync(response, limit.Token);
            if (response.StatusCode == HttpStatusCode.NoContent) return JsonDocument.Parse("{}");
            return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(limit.Token), cancellationToken: limit.Token);
        }
        catch (JsonException)
        {
            throw Malformed(isPaid);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // What was never connected was never taken.
            var isNeverSent = broken is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError };
            throw new ProviderException(ProviderFault.Unavailable, provider.Name, $"{provider.Name} does not answer.", broken) { MayBeCharged = isPaid && !isNeverSent };
        }
    }

    private async Task<ProviderException> FaultAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var code = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var after = response.Headers.RetryAfter;
        switch (status)
        {
            case 400 or 402 or 422:
                var said = await SaidAsync(response, cancellationToken);
                if (status == 402 || said.Contains("enough credits", StringComparison.OrdinalIgnoreCase))
                    return new ProviderException(ProviderFault.Credit, provider.Name, $"{provider.Name} has no credit left for this clip.") { ServiceCode = code };
                return new ProviderException(ProviderFault.Refused, provider.Name, $"{provider.Name} does not take the request for this clip.") { ServiceCode = code, Field = said.Contains("promptImage", StringComparison.Ordinal) ? "image" : said.Contains("promptText", StringComparison.Ordinal) ? "prompt" : null };
            case 401 or 403:
                return new ProviderException(ProviderFault.Refused, provider.Name, $"{provider.Name} does not take the key that this service is set up with.") { ServiceCode = code };
            case 404:
                return new ProviderException(ProviderFault.Unavailable, provider.Name, $"{provider.Name} does not know this any more.") { ServiceCode = code };
            case 429:
                return new ProviderException(ProviderFault.RateLimited, provider.Name, $"{provider.Name} takes no more clips at present.") { ServiceCode = code, RetryAfter = after?.Delta ?? after?.Date - response.Headers.Date };
            case >= 500:
                return new ProviderException(ProviderFault.Unavailable, provider.Name, $"{provider.Name} answers with {status}.") { ServiceCode = code, RetryAfter = after?.Delta };
            default:
                return new ProviderException(ProviderFault.Refused, provider.Name, $"{provider.Name} answers with {status}.") { ServiceCode = code };
        }
    }

    private ClipProgress Failed(string code)
    {
        if (code.Contains("SAFETY", StringComparison.Ordinal))
        {
            var field = code.EndsWith(".TEXT", StringComparison.Ordinal) ? "prompt" : code.EndsWith(".IMAGE", StringComparison.Ordinal) && code.Contains("INPUT", StringComparison.Ordinal) ? "image" : null;
            var what = field switch { "prompt" => "its prompt", "image" => "its picture", _ => "what came of it" };
            return new ClipProgress(null, new ProviderException(ProviderFault.Moderated, provider.Name, $"{provider.Name} does not make this clip because of {what}; other words or another picture may do.") { Field = field, ServiceCode = code }, IsCharged: true);
        }

        return code.StartsWith("ASSET", StringComparison.Ordinal)
            ? new ClipProgress(null, new ProviderException(ProviderFault.Refused, provider.Name, $"{provider.Name} cannot use the frame's picture.") { Field = "image", ServiceCode = code })
            : new ClipProgress(null, new ProviderException(ProviderFault.Unavailable, provider.Name, $"{provider.Name} could not make the clip.") { ServiceCode = code });
    }

    private Uri OutputOf(JsonElement task) =>
        task.TryGetProperty("output", out var output) && output.ValueKind == JsonValueKind.Array && output.GetArrayLength() > 0 && Uri.TryCreate(output[0].GetString(), UriKind.Absolute, out var link)
            // Whoever is reached without encryption is one that was set up so.
            && (link.Scheme == Uri.UriSchemeHttps || (link.Scheme == Uri.UriSchemeHttp && provider.Options.Endpoint!.Scheme == Uri.UriSchemeHttp))
            ? link : throw Malformed(isPaid: false);

    private ProviderException Malformed(bool isPaid) => new(ProviderFault.Malformed, provider.Name, $"{provider.Name} answers with what nobody can read.") { MayBeCharged = isPaid };

    private static async Task<string> SaidAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, read);
    }

    private static string? Text(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The body of a hand-in; nothing that it does not know.</summary>
    private sealed record HandIn(
        string Model, string PromptImage, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PromptText, string Ratio, int Duration, long Seed);
}
