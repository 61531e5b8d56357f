namespace FrameVideo.Hosting;

/// <summary>Whether a folder for temporary files has room.</summary>
public static class DiskSpace
{
    private const double MiB = 1 << 20;

    /// <summary>Looks at the file system on which the folder lies or will lie.</summary>
    /// <param name="subject">What the folder is for.</param>
    /// <param name="folder">Its path.</param>
    /// <param name="wanted">Bytes that may come to lie there.</param>
    public static Finding Check(string subject, string folder, long wanted)
    {
        var path = Path.GetFullPath(folder);
        var present = path;
        while (!Directory.Exists(present) && Path.GetDirectoryName(present) is { } above) present = above;
        var free = new DriveInfo(present).AvailableFreeSpace;
        return free >= wanted ? Finding.Ok(subject, $"{path}, {free / MiB:F0} MiB free")
            : Finding.Warning(subject, $"{path} has {free / MiB:F0} MiB free, and up to {wanted / MiB:F0} MiB may be wanted.");
    }
}
