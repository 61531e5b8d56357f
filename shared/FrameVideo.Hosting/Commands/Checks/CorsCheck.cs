using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Which pages of other origins may call.</summary>
public sealed class CorsCheck : IConfigurationCheck
{
    /// <inheritdoc/>
    public string Subject => "pages";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(CommandContext context, IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        await Task.CompletedTask;
        var origins = services.GetRequiredService<IOptions<CorsOrigins>>().Value.Origins;
        yield return origins.Count == 0 ? Finding.Ok(Subject, "none of another origin may call (Cors:Origins)") : Finding.Ok(Subject, $"those of {string.Join(", ", origins)} may call");
        if (origins.Count > 0 && !AuthOptions.IsConfigured(context.Settings)) yield return Finding.Warning(Subject, "no authentication is configured: a listed page can read and change everything.");
        foreach (var origin in origins.Select(origin => new Uri(origin)).Where(origin => origin.Scheme == "http" && !origin.IsLoopback))
            yield return Finding.Warning(Subject, $"{origin.GetLeftPart(UriPartial.Authority)} is plain http: whoever is on the way can change the page, and with it what it asks for.");
    }
}
