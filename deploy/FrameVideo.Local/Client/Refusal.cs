using System.Net;
using System.Text;
using System.Text.Json;

namespace FrameVideo.Local.Client;

/// <summary>An answer of the pair that is no success, as its problem+json tells it.</summary>
internal sealed class Refusal : Exception
{
    private Refusal(HttpStatusCode status, string? code, string sentence)
        : base(sentence) => (Status, Code) = (status, code);

    public HttpStatusCode Status { get; }

    /// <summary>The problem's <c>code</c>; null where the answer was none of the pair's.</summary>
    public string? Code { get; }

    /// <summary>Whether the same request can succeed in a moment.</summary>
    public bool IsPassing => Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;

    public static async Task<Refusal> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            return new Refusal(answer.StatusCode, Text(root, "code"), Sentence(root));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return new Refusal(answer.StatusCode, null, $"{answer.RequestMessage?.RequestUri?.AbsolutePath} answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
        }
    }

    private static string Sentence(JsonElement problem)
    {
        var sentence = new StringBuilder(Text(problem, "detail") ?? Text(problem, "title") ?? "The request was refused.");
        if (!problem.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object) return sentence.ToString();
        foreach (var field in errors.EnumerateObject())
        {
            var messages = field.Value.ValueKind == JsonValueKind.Array ? string.Join(' ', field.Value.EnumerateArray().Select(message => message.ToString())) : field.Value.ToString();
            sentence.Append($" {field.Name}: {messages}");
        }

        return sentence.ToString();
    }

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
