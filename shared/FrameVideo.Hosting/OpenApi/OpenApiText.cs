using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace FrameVideo.Hosting;

/// <summary>The OpenAPI document of a service as text, the same on every machine and under every configuration: what is committed beside the service's program.</summary>
public static class OpenApiText
{
    /// <summary>The document's name in the registration and in its address.</summary>
    internal const string Name = "v1";

    /// <summary>Writes the document of an app that was built, started or not.</summary>
    /// <param name="app">The app.</param>
    /// <param name="version">3.1, or 3.0 for tools that read nothing newer.</param>
    public static async Task<string> OfAsync(WebApplication app, OpenApiSpecVersion version = OpenApiSpecVersion.OpenApi3_1)
    {
        ArgumentNullException.ThrowIfNull(app);
        // What is mapped is seen by those who describe it from here on; an app that runs has said so already.
        app.UseEndpoints(static _ => { });
        var document = app.Services.GetRequiredService<ISwaggerProvider>().GetSwagger(Name);
        await using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        document.SerializeAs(version, new OpenApiJsonWriter(text));
        return text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n";
    }
}
