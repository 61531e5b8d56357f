using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>One attempt: reads the event, signs it, sends it, and says what came of it. Nothing is sent unsigned.</summary>
internal sealed class SendCallback(EventLog events, CallbackSecrets secrets, CallbackHosts hosts, HostResolver resolver, IOptions<CallbackOptions> options, TimeProvider clock) : IDisposable
{
    private readonly GuardedHttp _http = new(hosts.IsAllowed, resolver);

    /// <summary>Sends; null where there is no such event any more.</summary>
    /// <exception cref="DatabaseUnavailableException">The event cannot be read now.</exception>
    public async Task<CallbackOutcome?> RunAsync(DeliveryRow row, CancellationToken cancellationToken)
    {
        if (await events.FindAsync(row.UserId, row.ResourceId, row.Number, cancellationToken) is not { } entry) return null;
        if (secrets.Of(row.UserId) is not { Count: > 0 } keys) return new CallbackOutcome(null, "No secret is configured to sign with.", null, Answered: true);
        var body = JsonSerializer.SerializeToUtf8Bytes(entry, WireJson.Options);
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["webhook-id"] = entry.Id,
            ["webhook-timestamp"] = timestamp.ToString(),
            ["webhook-signature"] = string.Join(' ', keys.Select(key => key.Sign(entry.Id, timestamp, body))),
        };
        try
        {
            using var limit = new CancellationTokenSource(options.Value.Timeout, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            var (status, retryAfter) = await _http.PostAsync(new Uri(row.Url), body, headers, both.Token);
            return new CallbackOutcome(status, Sentence(status), status is 429 or 503 ? retryAfter : null, Answered: true);
        }
        catch (Exception exception) when (exception is not DatabaseUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            return new CallbackOutcome(null, Sentence(exception), null, Answered: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string? Sentence(int status) => status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => $"The receiver redirects ({status}); redirects are not followed.",
        410 => "The receiver wants no more (410).",
        _ => $"The receiver answered {status}.",
    };

    private string Sentence(Exception exception) => exception switch
    {
        OperationCanceledException => $"No answer within {options.Value.Timeout.TotalSeconds:0} s.",
        ProblemException problem => problem.Message,
        AuthenticationException => "TLS failed: the receiver's certificate is not trusted, or the two do not agree.",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "The host's name is not found.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "The host refuses the connection.",
        SocketException => "The host cannot be reached.",
        HttpRequestException { InnerException: { } inner } => Sentence(inner),
        HttpIOException or IOException => "The connection ended before an answer.",
        _ => "The answer cannot be read as HTTP.",
    };
}

/// <summary>What came of an attempt.</summary>
/// <param name="Status">The receiver's; null where no answer came.</param>
/// <param name="Error">Why it failed, a sentence; null where it did not.</param>
/// <param name="RetryAfter">When an overloaded receiver wants to be asked again.</param>
/// <param name="Answered">Whether the host is there.</param>
internal sealed record CallbackOutcome(int? Status, string? Error, TimeSpan? RetryAfter, bool Answered);
