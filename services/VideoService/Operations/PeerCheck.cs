using System.Runtime.CompilerServices;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using Microsoft.Extensions.Options;

namespace VideoService.Operations;

/// <summary>Whether FrameService is there, and shares the link key: without that its deletions are not followed, and its links do not open here.</summary>
internal sealed class PeerCheck : IConfigurationCheck
{
    public string Subject => "FrameService";

    public async IAsyncEnumerable<Finding> RunAsync(CommandContext context, IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var url = services.GetRequiredService<IOptions<FrameClientOptions>>().Value.Url;
        yield return await AskAsync(services, url, cancellationToken);
    }

    private async Task<Finding> AskAsync(IServiceProvider services, string url, CancellationToken cancellationToken)
    {
        var client = services.GetRequiredService<FrameClient>();
        try
        {
            await client.ProbeAsync(cancellationToken);
            // A token would make the key that is not there.
            if (!File.Exists(services.GetRequiredService<IOptions<LinkTokenOptions>>().Value.KeyFile)) return Finding.Warning(Subject, $"{url} answers; whether it shares the link key can be tried when there is one.");
            await client.ReadDeletionsAsync(0, 1, cancellationToken);
            return Finding.Ok(Subject, $"{url} answers and shares the link key");
        }
        catch (ProblemException refusal) when (refusal.Code == ErrorCodes.Unauthorized || refusal.Code == ErrorCodes.Forbidden)
        {
            return Finding.Failed(Subject, $"{url} answers, but has another link key. Give both services the same file (Storage:LinkKeyFile); check-config of each shows its fingerprint.");
        }
        catch (ProblemException)
        {
            return Finding.Failed(Subject, $"{url} does not answer. Start it, or set FrameService:Url.");
        }
    }
}
