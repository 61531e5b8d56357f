using FrameService.Frames;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using Microsoft.Extensions.Options;

namespace FrameService.Operations;

/// <summary>Whether FrameService's limits fit each other and the disk.</summary>
internal sealed class LimitsCheck : IConfigurationCheck
{
    private const double MiB = 1 << 20;

    public string Subject => "limits";

    public async IAsyncEnumerable<Finding> RunAsync(CommandContext context, IServiceProvider services, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var all = context.Settings.GetValue("Frames:MaxParkedBytes", 1L << 30);
        var each = context.Settings.GetValue("Frames:MaxParkedBytesPerUser", 256L << 20);
        var spool = services.GetRequiredService<IOptions<SpoolOptions>>().Value;
        if (each > all) yield return Finding.Warning(Subject, $"Frames:MaxParkedBytesPerUser ({each / MiB:F0} MiB) is more than Frames:MaxParkedBytes ({all / MiB:F0} MiB): one user can take all of it.");
        if (all < PictureKeeper.MaxBytes) yield return Finding.Failed(Subject, $"Frames:MaxParkedBytes is {all / MiB:F0} MiB, less than one picture may have ({PictureKeeper.MaxBytes / MiB:F0} MiB): an outage of the store would lose it.");
        if (spool.MaxTotalBytes < PictureKeeper.MaxBytes) yield return Finding.Failed(Subject, $"Storage:SpoolMaxBytes is {spool.MaxTotalBytes / MiB:F0} MiB, less than one picture may have ({PictureKeeper.MaxBytes / MiB:F0} MiB).");
        yield return Finding.Ok(Subject, $"pictures to {PictureKeeper.MaxBytes / MiB:F0} MiB; parked {all / MiB:F0} MiB in all, {each / MiB:F0} MiB each user; spooled {spool.MaxTotalBytes / MiB:F0} MiB");
        yield return DiskSpace.Check("spool folder", spool.Folder, spool.MaxTotalBytes);
    }
}
