using System.Text.Json;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Reads;

/// <summary>One operation of an OpenAPI document, with its address filled in.</summary>
/// <param name="App">The service.</param>
/// <param name="Method">In capitals.</param>
/// <param name="Template">As the document has it.</param>
/// <param name="Path">As it is called.</param>
/// <param name="Parameters">Their names.</param>
internal sealed record Operation(RunningApp App, string Method, string Template, string Path, IReadOnlyList<string> Parameters)
{
    public override string ToString() => $"{Method} {Template}";

    public Task<HttpResponseMessage> SendAsync(params (string Name, string Value)[] headers) => SendAsync(App.Address, Method, Path, headers);

    public static async Task<HttpResponseMessage> SendAsync(string address, string method, string path, params (string Name, string Value)[] headers)
    {
        using var http = Http.Client(address);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "PUT") request.Content = new ByteArrayContent(Pictures.Png(colour: 0xff112233));
        if (method is "PATCH") request.Content = new StringContent("""{"description":"changed"}""", null, "application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }
}

/// <summary>The operations of both documents as the services hand them out.</summary>
internal static class Documented
{
    public static async Task<IReadOnlyList<Operation>> OperationsAsync(ReadablePair pair)
    {
        var all = new List<Operation>();
        foreach (var app in new[] { pair.Frames, pair.Videos })
        {
            using var http = app.Client();
            var document = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json")).RootElement;
            var paths = document.GetProperty("paths");
            // The older routes below /api are as their client expects them.
            foreach (var path in paths.EnumerateObject().Where(path => path.Name.StartsWith("/v1/", StringComparison.Ordinal)))
            {
                foreach (var operation in path.Value.EnumerateObject().Where(member => member.Name is "get" or "put" or "post" or "patch" or "delete"))
                    all.Add(new Operation(app, operation.Name.ToUpperInvariant(), path.Name, Fill(pair, app, path.Name), ParametersOf(document, path.Value, operation.Value)));
            }
        }

        return all;
    }

    private static string[] ParametersOf(JsonElement document, params JsonElement[] places) =>
        [.. places.SelectMany(place => place.TryGetProperty("parameters", out var list) ? list.EnumerateArray() : []).Select(parameter => Resolve(document, parameter).GetProperty("name").GetString()!)];

    /// <summary>Headers that many operations take stand once among the document's components.</summary>
    private static JsonElement Resolve(JsonElement document, JsonElement parameter) =>
        parameter.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("parameters").GetProperty(reference.GetString()!.Split('/')[^1]) : parameter;

    private static string Fill(ReadablePair pair, RunningApp app, string template)
    {
        var link = new Uri(app == pair.Frames ? pair.Session.Frames![0].ImageUrl! : pair.Film.Links.Content!);
        if (template.StartsWith("/v1/objects/", StringComparison.Ordinal)) return link.PathAndQuery;
        var resource = template.Contains("{videoId}", StringComparison.Ordinal) ? pair.Film.Id.ToString() : pair.Session.Id.ToString();
        var path = template.Replace("{requestId}", pair.Session.Id.ToString(), StringComparison.Ordinal).Replace("{videoId}", pair.Film.Id.ToString(), StringComparison.Ordinal)
            .Replace("{number}", "1", StringComparison.Ordinal).Replace("{userId}", "gone", StringComparison.Ordinal).Replace("{deliveryId}", $"evt_{resource}_1", StringComparison.Ordinal)
            .Replace("{name}", "theme", StringComparison.Ordinal);
        Assert.False(path.Contains('{', StringComparison.Ordinal), $"{template} has a place that these tests do not know how to fill.");
        return path;
    }
}
