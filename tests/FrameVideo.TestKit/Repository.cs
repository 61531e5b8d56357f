namespace FrameVideo.TestKit;

/// <summary>The checkout under the tests.</summary>
public static class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file or folder of it.</summary>
    public static string Combine(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FrameVideo.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("The project's root is not above the tests.");
        return folder.FullName;
    }
}
