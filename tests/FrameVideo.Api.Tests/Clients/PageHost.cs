using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Api.Tests.Clients;

/// <summary>Somebody else's server: where a page is at home, to which it reports, and which the services call back.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PageHost(WebApplication app) => _app = app;

    /// <summary>What the page said, in order.</summary>
    public ConcurrentQueue<JsonElement> Reports { get; } = new();

    /// <summary>Serves a folder on an origin.</summary>
    /// <param name="origin">Where.</param>
    /// <param name="folder">What; none for callbacks alone.</param>
    /// <param name="settings">What the page is told.</param>
    public static async Task<PageHost> StartAsync(string origin, string? folder = null, object? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", origin);
        var app = builder.Build();
        var host = new PageHost(app);
        if (folder is not null)
        {
            var types = new FileExtensionContentTypeProvider();
            types.Mappings[".mjs"] = "text/javascript";
            app.UseFileServer(new FileServerOptions { FileProvider = new PhysicalFileProvider(folder), StaticFileOptions = { ContentTypeProvider = types } });
        }

        app.MapGet("/settings.json", () => settings);
        // A page sends text; JSON by its content type would be asked for before.
        app.MapPost("/report", async context => host.Reports.Enqueue(await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body)));
        app.MapPost("/hook", () => Results.NoContent());
        await app.StartAsync();
        return host;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
