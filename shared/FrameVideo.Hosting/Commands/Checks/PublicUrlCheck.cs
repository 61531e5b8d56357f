using System.Net;

namespace FrameVideo.Hosting;

/// <summary>Whether links can begin with <c>PublicUrl</c>.</summary>
public sealed class PublicUrlCheck : IConfigurationCheck
{
    /// <inheritdoc/>
    public string Subject => "public URL";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(CommandContext context, IServiceProvider services, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        await Task.CompletedTask;
        if (context.Settings["PublicUrl"] is not { Length: > 0 } text) yield return Finding.Warning(Subject, "PublicUrl is not given: links begin with the address that the service listens on, which only this machine may reach.");
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) yield return Finding.Failed(Subject, $"PublicUrl is '{text}'; it has to be absolute, such as https://video.example.org.");
        else if (url.Query.Length > 0 || url.Fragment.Length > 0) yield return Finding.Failed(Subject, "PublicUrl has a query or a fragment; links are made by adding a path to it.");
        else if (url.Scheme == "http" && !(url.IsLoopback || (IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address)))) yield return Finding.Warning(Subject, $"{url} is plain http: links carry tokens, which anybody on the way can read.");
        else yield return Finding.Ok(Subject, url.ToString());
    }
}
