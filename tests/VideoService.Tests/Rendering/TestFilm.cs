using System.Diagnostics;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

/// <summary>A temporary folder, a renderer and a few drawn pictures.</summary>
internal sealed class TestFilm : IDisposable
{
    private readonly byte[][] _pictures;

    public TestFilm(FilmSettings settings, int count, RenderingOptions? options = null, byte[][]? pictures = null)
    {
        Settings = settings;
        Folder = Directory.CreateTempSubdirectory("fv film's ").FullName;
        Renderer = new FilmRenderer(options ?? new RenderingOptions());
        _pictures = pictures ?? [.. Enumerable.Range(1, count).Select(i => TestPictures.Scene(i % 2 == 0 ? 300 : 640, 360, i))];
        Frames = [.. _pictures.Select((picture, i) =>
        {
            var header = PictureReader.Inspect(picture, long.MaxValue);
            return new FilmFrame(i + 1, TestPictures.Sha256(picture), header.Width, header.Height);
        })];
    }

    public FilmSettings Settings { get; }

    public string Folder { get; }

    public FilmRenderer Renderer { get; }

    public FilmFrame[] Frames { get; }

    public static FilmSettings Small { get; } = new() { DurationSeconds = 5, Fps = 25, Width = 320, Height = 180, Seed = 3 };

    public string PathOf(string name) => Path.Combine(Folder, name);

    public Task<FilmPlan> PlanAsync() => Renderer.PlanAsync(Settings, Frames, default);

    public PictureCache Pictures(FilmPlan plan) => Renderer.OpenPictures(plan, (number, _) => Task.FromResult<Stream>(new MemoryStream(_pictures[number - 1])));

    /// <summary>Renders every piece and the film, under names that begin with <paramref name="prefix"/>.</summary>
    public async Task<string> RenderAsync(FilmPlan plan, string prefix)
    {
        using var pictures = Pictures(plan);
        var paths = plan.Pieces.Select((_, i) => PathOf($"{prefix}-{i}.{Settings.Extension}")).ToArray();
        for (var i = 0; i < paths.Length; i++) await Renderer.RenderPieceAsync(plan, plan.Pieces[i], pictures, paths[i], null, default);
        var film = PathOf($"{prefix}.{Settings.Extension}");
        await Renderer.MergeAsync(plan, paths, null, film, default);
        return film;
    }

    /// <summary>The film frames before encoding.</summary>
    public static async Task<List<byte[]>> DrawAsync(FilmPlan plan, PictureCache pictures)
    {
        var drawn = new List<byte[]>();
        foreach (var piece in plan.Pieces)
        {
            var planes = new List<PicturePlanes>();
            foreach (var number in piece.FrameNumbers) planes.Add(await pictures.GetAsync(number, default));
            var frames = new PieceFrames(plan.Settings, piece, planes);
            for (var i = 0; i < piece.FrameCount; i++) drawn.Add(frames.Render(i).ToArray());
        }
        return drawn;
    }

    /// <summary>Runs ffmpeg or ffprobe and answers with what it wrote.</summary>
    public static async Task<(byte[] Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        return (output.ToArray(), await errors);
    }

    /// <summary>Processes that name this film's folder on their command line.</summary>
    public IReadOnlyList<int> EncodersAtWork() =>
        [.. from folder in Directory.EnumerateDirectories("/proc")
            let name = Path.GetFileName(folder)
            where name.All(char.IsAsciiDigit) && CommandOf(folder).Contains(Folder, StringComparison.Ordinal)
            select int.Parse(name)];

    public void Dispose()
    {
        Renderer.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static string CommandOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
