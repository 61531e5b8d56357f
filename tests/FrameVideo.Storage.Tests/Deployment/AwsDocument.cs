using System.Text.Json.Nodes;
using FrameVideo.TestKit;

namespace FrameVideo.Storage.Tests.Deployment;

/// <summary>A document of <c>deploy/aws</c> with its capital words filled in, as its README does it.</summary>
internal static class AwsDocument
{
    public static JsonObject Read(string name, string bucket, string prefix = "")
    {
        var text = File.ReadAllText(Repository.Combine("deploy", "aws", name + ".json"));
        text = text.Replace("BUCKET_NAME", bucket, StringComparison.Ordinal).Replace("KEY_PREFIX/", prefix, StringComparison.Ordinal)
            .Replace("PAGE_ORIGIN", "https://films.example.org", StringComparison.Ordinal).Replace("KMS_KEY_ARN", "arn:aws:kms:eu-central-1:123456789012:key/x", StringComparison.Ordinal);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>An identity's policy as a policy of the bucket: the same statements, with the user to whom they apply. Servers that have no identities' policies take it.</summary>
    public static IEnumerable<JsonNode> StatementsFor(string user, string name, string bucket, string prefix) => Read(name, bucket, prefix)["Statement"]!.AsArray().Select(statement =>
    {
        var copy = statement!.DeepClone().AsObject();
        copy["Sid"] = $"{user}{copy["Sid"]}";
        copy["Principal"] = new JsonObject { ["AWS"] = new JsonArray($"arn:aws:iam:::user/{user}") };
        return (JsonNode)copy;
    });
}
