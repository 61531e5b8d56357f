using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FrameVideo.Hosting;

namespace FrameService.Generation.Providers;

/// <summary>
/// Tells apart what OpenAI's protocol answers in place of a result, by status and by <c>error.code</c>, <c>error.type</c> and <c>error.param</c> of the body
/// (developers.openai.com/api/docs/guides/error-codes). What the service says in words is passed on to nobody: it quotes keys and prompts.
/// </summary>
internal static partial class OpenAIFaults
{
    /// <summary>Of <c>error.code</c> or <c>error.type</c>: there is nothing left to pay with. Most come with status 429, as rate limits do.</summary>
    private static readonly HashSet<string> Credit = new(StringComparer.Ordinal)
    {
        "insufficient_quota", "credit_balance_exhausted", "organization_spend_limit_exceeded", "project_spend_limit_exceeded", "organization_usage_limit_exceeded", "billing_hard_limit_reached", "billing_not_active", "insufficient_credits",
    };

    private static readonly HashSet<string> Moderation = new(StringComparer.Ordinal) { "content_policy_violation", "moderation_blocked", "content_filter", "safety_violation", "image_content_policy_violation" };

    private static readonly string[] Allowances = ["requests", "tokens"];

    /// <summary>Runs one call and puts what it throws in our terms; to be used within <see cref="Provider.CallAsync"/>.</summary>
    /// <param name="provider">Whom it calls.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">The caller's: what it ends is no fault of the service.</param>
    /// <exception cref="ProviderException">The call has failed.</exception>
    public static async Task<T> TellAsync<T>(Provider provider, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not ProviderException && !cancellationToken.IsCancellationRequested)
        {
            if (Of(exception, provider.Name) is { } fault) throw fault;
            throw;
        }
    }

    /// <summary>The service does not make this, as its answer says within a success: a refusal, or a text that a filter has cut.</summary>
    public static ProviderException Moderated(string provider, string field, string code) =>
        new(ProviderFault.Moderated, provider, $"{provider} does not make this; other words may do.") { Field = field, ServiceCode = code };

    /// <summary>The answer is no use.</summary>
    public static ProviderException Malformed(string provider, string what) => new(ProviderFault.Malformed, provider, $"{provider} answered with {what}.") { MayBeCharged = true };

    private static ProviderException? Of(Exception exception, string provider) => exception switch
    {
        ClientResultException { Status: > 0 } answered => OfAnswer(answered.Status, answered.GetRawResponse(), provider),
        // Cut off, not reached, or too slow: the work may have been done.
        ClientResultException or HttpRequestException or IOException or TimeoutException or OperationCanceledException => new ProviderException(
            ProviderFault.Unavailable, provider, Timed(exception) ? $"{provider} did not answer in time." : $"{provider} cannot be reached.", exception)
        { MayBeCharged = !NeverArrived(exception) },
        AggregateException { InnerException: { } inner } => Of(inner, provider),
        JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or NotSupportedException => new ProviderException(
            ProviderFault.Malformed, provider, $"{provider} answered with what cannot be read.")
        { MayBeCharged = true },
        _ => null,
    };

    private static ProviderException OfAnswer(int status, PipelineResponse? response, string provider)
    {
        var (code, type, param, stage) = BodyOf(response);
        var word = code ?? type;
        ProviderException Fault(ProviderFault kind, string message) => new(kind, provider, message) { ServiceCode = word is null ? status.ToString(CultureInfo.InvariantCulture) : Shortened(word), ServiceStatus = status, RetryAfter = WaitOf(response) };

        if (status == 402 || Is(Credit)) return Fault(ProviderFault.Credit, $"{provider} has no credit left.");
        if (status is >= 400 and < 500 && Is(Moderation))
        {
            return new ProviderException(ProviderFault.Moderated, provider, $"{provider} does not make this; other words or another picture may do.")
            {
                ServiceCode = word,
                // What came in is looked at first: the same again is refused again. What was made may turn out otherwise, and its making may be charged.
                IsRetryable = stage == "output",
                MayBeCharged = stage == "output",
                Field = param is not null && param.StartsWith("image", StringComparison.Ordinal) ? "image" : "prompt",
            };
        }

        return status switch
        {
            429 => Fault(ProviderFault.RateLimited, $"{provider} takes no more at present."),
            408 or 409 or 425 or >= 500 => Fault(ProviderFault.Unavailable, $"{provider} has failed with status {status}."),
            401 or 403 => Fault(ProviderFault.Refused, $"{provider} refuses the key that this service is set up with."),
            404 => Fault(ProviderFault.Refused, $"{provider} does not know the model or the address that this service is set up with."),
            >= 300 and < 400 => Fault(ProviderFault.Refused, $"{provider} is elsewhere: its address answers with a redirect."),
            _ => new ProviderException(ProviderFault.Refused, provider, $"{provider} refuses the request with status {status}.") { ServiceCode = word is null ? null : Shortened(word), ServiceStatus = status, Field = param is null ? null : Shortened(param) },
        };

        bool Is(HashSet<string> words) => (code is not null && words.Contains(code)) || (type is not null && words.Contains(type));
    }

    private static (string? Code, string? Type, string? Param, string? Stage) BodyOf(PipelineResponse? response)
    {
        try
        {
            if (response?.Content.ToMemory() is not { Length: > 0 } bytes) return default;
            using var body = JsonDocument.Parse(bytes);
            if (body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object) return default;
            var details = error.TryGetProperty("moderation_details", out var told) && told.ValueKind == JsonValueKind.Object ? told : default;
            return (Text(error, "code"), Text(error, "type"), Text(error, "param"), details.ValueKind == JsonValueKind.Object ? Text(details, "moderation_stage") : null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return default;
        }

        static string? Text(JsonElement error, string name) => error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>How long to wait: <c>retry-after-ms</c>, <c>Retry-After</c> in seconds, or when the exhausted one of the two allowances is full again, as <c>x-ratelimit-reset-*</c> says (such as <c>6m0s</c> or <c>20ms</c>).</summary>
    private static TimeSpan? WaitOf(PipelineResponse? response)
    {
        if (response is null) return null;
        if (Header("retry-after-ms") is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds)) return Bounded(milliseconds / 1000);
        if (Header("retry-after") is { } told && double.TryParse(told, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)) return Bounded(seconds);
        var resets = Allowances.Where(kind => Header($"x-ratelimit-remaining-{kind}") == "0").Select(kind => Header($"x-ratelimit-reset-{kind}")).Select(SecondsOf).OfType<double>().ToList();
        return resets.Count > 0 ? Bounded(resets.Max()) : null;

        string? Header(string name) => response.Headers.TryGetValue(name, out var value) ? value : null;
        static TimeSpan? Bounded(double seconds) => double.IsFinite(seconds) ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400)) : null;
    }

    private static double? SecondsOf(string? text)
    {
        if (text is null || text.Length > 40) return null;
        var parts = Duration().Matches(text);
        if (parts.Count == 0 || parts.Sum(part => part.Length) != text.Length) return null;
        return parts.Sum(part => double.Parse(part.Groups["n"].Value, CultureInfo.InvariantCulture) * (part.Groups["u"].Value switch { "h" => 3600, "m" => 60, "s" => 1, _ => 0.001 }));
    }

    [GeneratedRegex("(?<n>[0-9]+(\\.[0-9]+)?)(?<u>ms|h|m|s)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();

    /// <summary>A server's own word may be anything.</summary>
    private static string Shortened(string word) => new([.. word.Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.').Take(60)]);

    private static bool Timed(Exception exception) => exception is OperationCanceledException or TimeoutException || exception.InnerException is TimeoutException or OperationCanceledException;

    /// <summary>The connection was never made, so that nothing can have been done.</summary>
    private static bool NeverArrived(Exception exception)
    {
        for (var at = exception; at is not null; at = at.InnerException)
        {
            if (at is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }) return true;
        }

        return false;
    }
}
