namespace FrameVideo.Local.Film;

/// <summary>One picture of a person.</summary>
/// <param name="Path">Its file.</param>
/// <param name="ContentType">By its bytes, not its name.</param>
internal sealed record Picture(string Path, string ContentType)
{
    private const long MostBytes = 25L << 20;

    /// <summary>Looks at every file before anything is started, so that a wrong name costs no time.</summary>
    /// <exception cref="PlainFailure">One is missing, unreadable, too large, or no picture.</exception>
    public static IReadOnlyList<Picture> OpenAll(IReadOnlyList<string> paths)
    {
        if (paths.Count > 1000) throw new PlainFailure($"{paths.Count} pictures were named; a film takes at most 1,000.");
        return [.. paths.Select(Open)];
    }

    private static Picture Open(string path)
    {
        if (Directory.Exists(path)) throw new PlainFailure($"{path} is a folder; name the pictures in it.");
        if (!File.Exists(path)) throw new PlainFailure($"There is no picture {path}.");
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MostBytes) throw new PlainFailure($"{path} has {file.Length >> 20} MiB; a picture has at most 25.");
            Span<byte> start = stackalloc byte[12];
            var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return TypeOf(start[..read]) is { } type ? new Picture(path, type) : throw new PlainFailure($"{path} is no PNG, JPEG or WebP picture.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw PlainFailure.OfFile(path, error);
        }
    }

    private static string? TypeOf(ReadOnlySpan<byte> start) => start switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P'] => "image/webp",
        _ => null,
    };
}
