using System.Diagnostics;
using System.Globalization;
using VideoService.Rendering;

namespace FrameVideo.Benchmarks.Films;

/// <summary>What the renderer is compared with: ffmpeg, with the same encoder's arguments.</summary>
internal sealed class Peers(FilmJob job, string folder)
{
    private readonly FilmSettings _film = job.Plan.Settings;

    /// <summary>One process, its own threads, frames that are rendered already.</summary>
    public Task PlainAsync(string frames) => FfmpegAsync([.. Input(frames), .. Output(threads: null), $"file:{Path.Combine(folder, "plain.mp4")}"]);

    /// <summary>The same frames in the pieces of the plan, as many processes at a time as there are cores, one thread each, and joined.</summary>
    public async Task ChunkedAsync(string frames)
    {
        var bytes = _film.Width * _film.Height * 3L / 2;
        string PathOf(Piece piece) => Path.Combine(folder, $"chunk-{piece.StartFrame}.mp4");
        await Parallel.ForEachAsync(WorkOrder.Of(job.Plan.Pieces), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (piece, _) => await FfmpegAsync(
            ["-skip_initial_bytes", Text(piece.StartFrame * bytes), .. Input(frames), "-frames:v", Text(piece.FrameCount), .. Output(threads: 1), $"file:{PathOf(piece)}"]));
        var list = Path.Combine(folder, "chunks.list");
        await File.WriteAllLinesAsync(list, job.Plan.Pieces.Select(piece => $"file 'file:{PathOf(piece)}'"));
        await FfmpegAsync(["-f", "concat", "-safe", "0", "-i", $"file:{list}", "-c", "copy", "-movflags", "+faststart", $"file:{Path.Combine(folder, "chunked.mp4")}"]);
    }

    /// <summary>The film by ffmpeg's own filters, over pictures that are scaled up first, which is what people do against the jitter.</summary>
    /// <param name="width">Of the scaled pictures.</param>
    public Task ZoompanAsync(int width)
    {
        var graph = new List<string>();
        var shots = job.Plan.Shots;
        for (var i = 0; i < shots.Count; i++) graph.Add($"[{i}:v]{Zoompan(shots[i], width)},setsar=1,format=yuv420p[v{i}]");
        var last = "v0";
        for (var i = 1; i < shots.Count; i++)
        {
            var joint = job.Plan.Pieces.Single(piece => piece.Kind == PieceKind.Joint && piece.Number == shots[i - 1].Number);
            graph.Add($"[{last}][v{i}]xfade=transition=fade:duration={Text((double)joint.FrameCount / _film.Fps)}:offset={Text((double)joint.StartFrame / _film.Fps)}[x{i}]");
            last = $"x{i}";
        }
        return FfmpegAsync([
            .. job.Pictures.SelectMany(picture => new[] { "-i", $"file:{picture}" }), "-filter_complex", string.Join(';', graph), "-map", $"[{last}]",
            .. Output(threads: null), $"file:{Path.Combine(folder, $"zoompan-{width}.mp4")}"]);
    }

    /// <summary>The frames of one shot as zoompan draws them, packed I420.</summary>
    public async Task<byte[]> ZoompanFramesAsync(int width)
    {
        var path = Path.Combine(folder, "zoompan.yuv");
        await FfmpegAsync(["-i", $"file:{job.Pictures[0]}", "-vf", $"{Zoompan(job.Plan.Shots[0], width)},format=yuv420p", "-f", "rawvideo", $"file:{path}"]);
        return await File.ReadAllBytesAsync(path);
    }

    /// <summary>What ffmpeg sees in a film: a hash for each frame, with its time.</summary>
    public async Task<string> FrameHashesAsync(string film)
    {
        var path = Path.Combine(folder, "frames.md5");
        await FfmpegAsync(["-i", $"file:{film}", "-f", "framemd5", $"file:{path}"]);
        return await File.ReadAllTextAsync(path);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    // The camera's own path: what is seen of the picture goes from one view to another at even speed.
    private string Zoompan(Shot shot, int width)
    {
        var pieces = job.Plan.Pieces.Where(piece => piece.FrameNumbers.Contains(shot.Number)).ToList();
        var (start, count) = (pieces[0].StartFrame, pieces.Sum(piece => piece.FrameCount));
        var (from, to) = (shot.ViewAt(start), shot.ViewAt(start + count - 1));
        string Line(double a, double b) => $"({Text(a)}+({Text(b - a)})*on/{count - 1})";
        return $"scale={width}:-2,zoompan=z='1/{Line(from.Size, to.Size)}':x='iw*{Line(from.Left, to.Left)}':y='ih*{Line(from.Top, to.Top)}':d={count}:s={_film.Width}x{_film.Height}:fps={_film.Fps}";
    }

    private List<string> Input(string frames)
    {
        var arguments = EncoderArguments.For(_film).ToList();
        var input = arguments.IndexOf("-i");
        return [.. arguments[..input], "-i", $"file:{frames}"];
    }

    private List<string> Output(int? threads)
    {
        var arguments = EncoderArguments.For(_film).ToList();
        var output = arguments[(arguments.IndexOf("-i") + 2)..];
        var at = output.IndexOf("-threads");
        output.RemoveRange(at, 2);
        return threads is null ? output : [.. output[..at], "-threads", Text(threads.Value), .. output[at..]];
    }

    private static async Task FfmpegAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-hide_banner", "-v", "error", "-nostdin", "-y", .. arguments]) { RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"ffmpeg ended with {process.ExitCode}: {errors}");
    }
}
