using System.Security.Cryptography;
using FrameVideo.Contracts;
using VideoService.Rendering;

namespace FrameVideo.Benchmarks.Films;

/// <summary>A storyboard in files, and the film of it as the service makes it: pictures read and decoded, clips and joints, as many at a time as there are cores, merge and poster.</summary>
internal sealed class FilmJob : IDisposable
{
    private readonly FilmRenderer _renderer = new(new RenderingOptions());
    private readonly string _folder;
    private readonly List<string> _pictures = [];

    private FilmJob(string folder) => _folder = folder;

    public required FilmPlan Plan { get; init; }

    public IReadOnlyList<string> Pictures => _pictures;

    /// <summary>Six pictures of 1280x720, five seconds each at 30 a second, slow zoom with a pan, five cross-fades of 0.8 s.</summary>
    public static FilmSettings Settings { get; } = new() { DurationSeconds = 30, Fps = 30, Width = 1280, Height = 720, Motion = Motion.KenBurns, Transition = Transition.Fade, Seed = 1 };

    public static async Task<FilmJob> CreateAsync(string folder, FilmSettings settings, IReadOnlyList<byte[]> pictures)
    {
        Directory.CreateDirectory(folder);
        using var renderer = new FilmRenderer(new RenderingOptions());
        var frames = pictures.Select((picture, i) =>
        {
            var header = PictureReader.Inspect(picture, long.MaxValue);
            return new FilmFrame(i + 1, Convert.ToHexStringLower(SHA256.HashData(picture)), header.Width, header.Height);
        }).ToList();
        var job = new FilmJob(folder) { Plan = await renderer.PlanAsync(settings, frames, default) };
        for (var i = 0; i < pictures.Count; i++)
        {
            var path = Path.Combine(folder, $"picture-{i + 1}");
            await File.WriteAllBytesAsync(path, pictures[i]);
            job._pictures.Add(path);
        }
        return job;
    }

    public PictureCache Open() => _renderer.OpenPictures(Plan, (number, _) => Task.FromResult<Stream>(File.OpenRead(_pictures[number - 1])));

    /// <summary>Makes the whole film.</summary>
    /// <param name="name">Its files begin with this.</param>
    /// <param name="found">Pieces that are there already, by hash; what is rendered is added.</param>
    /// <param name="firstPiece">Told when the first piece of the film can be played.</param>
    public async Task<string> RenderAsync(string name, IDictionary<string, string> found, Action? firstPiece = null)
    {
        using var pictures = Open();
        // The poster comes when a core is free, after the first pieces; null stands for it.
        var work = WorkOrder.Of(Plan.Pieces).Where(piece => !found.ContainsKey(piece.InputHash)).ToList<Piece?>();
        work.Insert(Math.Min(work.Count, Environment.ProcessorCount), null);
        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (piece, token) =>
        {
            if (piece is null)
            {
                await _renderer.RenderPosterAsync(Plan, pictures, Path.Combine(_folder, $"{name}.jpg"), token);
                return;
            }

            var path = Path.Combine(_folder, $"{name}-{piece.InputHash[..12]}.mp4");
            await _renderer.RenderPieceAsync(Plan, piece, pictures, path, null, token);
            lock (found) found[piece.InputHash] = path;
            if (piece.StartFrame == 0) firstPiece?.Invoke();
        });
        var film = Path.Combine(_folder, $"{name}.mp4");
        await _renderer.MergeAsync(Plan, [.. Plan.Pieces.Select(piece => found[piece.InputHash])], null, film, default);
        return film;
    }

    /// <summary>Draws every film frame on this thread, into a file where one is given, and answers with the seconds of drawing alone.</summary>
    public async Task<double> DrawAsync(string? path)
    {
        using var pictures = Open();
        await using var file = path is null ? Stream.Null : new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        var watch = new System.Diagnostics.Stopwatch();
        var ring = new FrameRing(Plan.Settings.Width * Plan.Settings.Height * 3 / 2);
        foreach (var piece in Plan.Pieces)
        {
            var frames = new PieceFrames(Plan.Settings, piece, [.. (await Task.WhenAll(piece.FrameNumbers.Select(number => pictures.GetAsync(number, default)))).Select(picture => new ShotSource(picture, Clip: null))], ring);
            for (var i = 0; i < piece.FrameCount; i++)
            {
                watch.Start();
                var frame = frames.Render(i);
                watch.Stop();
                if (path is not null) file.Write(frame.Span);
            }
        }
        return watch.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        _renderer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
