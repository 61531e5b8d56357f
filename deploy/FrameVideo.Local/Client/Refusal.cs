using System.Net;
using System.Text;
using System.Text.Json;
using FrameVideo.Contracts;

namespace FrameVideo.Local.Client;

/// <summary>An answer of the pair that is no success, as its problem+json tells it.</summary>
internal sealed class Refusal : Exception
{
    private Refusal(HttpStatusCode status, string? code, string detail, string fields = "")
        : base(detail + fields) => (Status, Code, Detail) = (status, code, detail);

    public HttpStatusCode Status { get; }

    /// <summary>The problem's <c>code</c>; null where the answer was none of the pair's.</summary>
    public string? Code { get; }

    /// <summary>The problem's own sentence; the message has what it says of single fields, too.</summary>
    public string Detail { get; }

    /// <summary>Whether the same request can succeed in a moment.</summary>
    public bool IsPassing => Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
        || Code == ErrorCodes.IdempotencyInProgress.Code;

    public static async Task<Refusal> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            return new Refusal(answer.StatusCode, Text(root, "code"), Text(root, "detail") ?? Text(root, "title") ?? "The request was refused.", Fields(root));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return new Refusal(answer.StatusCode, null, $"{answer.RequestMessage?.RequestUri?.AbsolutePath} answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
        }
    }

    private static string Fields(JsonElement problem)
    {
        if (!problem.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object) return "";
        var told = Text(problem, "detail") ?? "";
        var fields = new StringBuilder();
        foreach (var field in errors.EnumerateObject())
        {
            var messages = field.Value.ValueKind == JsonValueKind.Array ? string.Join(' ', field.Value.EnumerateArray().Select(message => message.ToString())) : field.Value.ToString();
            // A problem with one field often says it in its own sentence already.
            if (!told.Contains(messages, StringComparison.Ordinal)) fields.Append($" {field.Name}: {messages}");
        }

        return fields.ToString();
    }

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
