using System.Text.Json.Nodes;

namespace FrameVideo.Api.Tests.Documents;

/// <summary>What the documents show is what they say.</summary>
public sealed class ExampleTests
{
    [Theory]
    [MemberData(nameof(ServiceDocuments.Each), MemberType = typeof(ServiceDocuments))]
    public void Every_example_is_as_its_schema_says(string service)
    {
        var document = ApiDocument.Of(service);
        var mistakes = new List<string>();
        var count = 0;
        foreach (var (where, media) in Bodies(document).Concat(Webhooks(service)))
        {
            foreach (var example in Examples(document, media))
            {
                count++;
                if (document.Complaint(media["schema"]!.AsObject(), example) is { } complaint) mistakes.Add($"{where}: {complaint}");
            }
        }

        Assert.True(mistakes.Count == 0, string.Join("\n", mistakes));
        Assert.True(count > 200, $"{count} examples");
    }

    [Theory]
    [MemberData(nameof(ServiceDocuments.Each), MemberType = typeof(ServiceDocuments))]
    public void Every_operation_is_described_to_the_end(string service)
    {
        var missing = new List<string>();
        foreach (var operation in ApiDocument.Of(service).Operations)
        {
            foreach (var part in new[] { "operationId", "summary", "description", "tags", "responses", "security" })
            {
                if (operation.Json[part] is null) missing.Add($"{operation.Id}: no {part}");
            }

            missing.AddRange(operation.Parameters.Where(parameter => parameter["description"] is null || (parameter["schema"]!["examples"] is null && parameter["schema"]!["enum"] is null)).Select(parameter => $"{operation.Id}: parameter {parameter["name"]}"));
            foreach (var (status, response) in operation.Json["responses"]!.AsObject())
            {
                foreach (var (type, media) in response!["content"]?.AsObject() ?? [])
                {
                    if (type.Contains("json", StringComparison.Ordinal) && operation.Method != "HEAD" && media!["example"] is null && media["examples"] is null && media["schema"] is not null && media["schema"]!["format"] is null) missing.Add($"{operation.Id} {status}: no example");
                }

                if (response["description"]?.GetValue<string>() is not { Length: > 0 }) missing.Add($"{operation.Id} {status}: no description");
                if (status[0] is '4' or '5' && response["x-error-codes"] is null && operation.Path is not "/health/ready") missing.Add($"{operation.Id} {status}: no codes");
            }

            if (operation.Json["requestBody"]?["content"]?["application/json"] is { } body && body["examples"] is null) missing.Add($"{operation.Id}: no example of its body");
        }

        Assert.True(missing.Count == 0, string.Join("\n", missing));
    }

    private static IEnumerable<(string Where, JsonObject Media)> Bodies(ApiDocument document)
    {
        foreach (var operation in document.Operations)
        {
            foreach (var (type, media) in operation.Json["requestBody"]?["content"]?.AsObject() ?? []) yield return ($"{operation.Id} {type}", media!.AsObject());
            foreach (var (status, response) in operation.Json["responses"]!.AsObject())
            {
                foreach (var (type, media) in response!["content"]?.AsObject() ?? []) yield return ($"{operation.Id} {status} {type}", media!.AsObject());
            }
        }
    }

    private static IEnumerable<(string Where, JsonObject Media)> Webhooks(string service) =>
        ServiceDocuments.Read(service)["webhooks"]!.AsObject().Select(webhook => (webhook.Key, webhook.Value!["post"]!["requestBody"]!["content"]!["application/json"]!.AsObject()));

    private static IEnumerable<JsonNode?> Examples(ApiDocument document, JsonObject media)
    {
        if (media["example"] is { } one) yield return one;
        foreach (var (_, example) in media["examples"]?.AsObject() ?? []) yield return document.Resolve(example!)["value"];
    }
}
