using System.Runtime.CompilerServices;
using FrameVideo.Hosting;
using Microsoft.Extensions.Options;
using VideoService.Rendering;

namespace VideoService.Operations;

/// <summary>Whether ffmpeg is there and can do what films need, and whether renders have room.</summary>
internal sealed class EncoderCheck : IConfigurationCheck
{
    /// <summary>The pieces of a ten-minute film, its merge and its upload.</summary>
    private const long Room = 2L << 30;

    private static readonly string[] Needed = ["libx264", "libvpx-vp9"];

    public string Subject => "encoder";

    public async IAsyncEnumerable<Finding> RunAsync(CommandContext context, IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<IOptions<RenderingOptions>>().Value;
        yield return await AskAsync(options, cancellationToken);
        yield return DiskSpace.Check("temporary files", Path.Combine(context.Settings["Data:Folder"] ?? "data", "tmp"), Room);
    }

    private async Task<Finding> AskAsync(RenderingOptions options, CancellationToken cancellationToken)
    {
        using var ffmpeg = new Ffmpeg(options);
        try
        {
            var version = await ffmpeg.VersionAsync(cancellationToken);
            var encoders = await ffmpeg.RunAsync(["-hide_banner", "-encoders"], null, cancellationToken);
            var missing = Needed.Where(encoder => !encoders.Contains($" {encoder} ", StringComparison.Ordinal)).ToList();
            return missing.Count == 0 ? Finding.Ok(Subject, $"ffmpeg {version} with {string.Join(" and ", Needed)}")
                : Finding.Failed(Subject, $"ffmpeg {version} has no {string.Join(" and no ", missing)}; install one that has (Debian: apt-get install ffmpeg), or set Rendering:Ffmpeg.");
        }
        catch (EncoderMissingException)
        {
            return Finding.Failed(Subject, $"{options.Ffmpeg} cannot be started; install ffmpeg (Debian: apt-get install ffmpeg), or set Rendering:Ffmpeg.");
        }
    }
}
