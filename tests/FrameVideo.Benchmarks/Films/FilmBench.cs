using System.Diagnostics;
using System.Globalization;
using VideoService.Rendering.Sampling;

namespace FrameVideo.Benchmarks.Films;

/// <summary>
/// The renderer against bare encodes of the same frames and against ffmpeg's own filters, in interleaved rounds, with medians of the ratios within a round. Fails where a bar is not met.
/// </summary>
internal static class FilmBench
{
    private static readonly Lock Printing = new();
    private static bool _failed;

    public static Task<int> RunAsync(int rounds) => InFolderAsync(async (job, folder, pictures) =>
    {
        Say($"FrameVideo's renderer on {Environment.ProcessorCount} cores ({RowName}), medians of {rounds} interleaved rounds");
        Say($"Six PNGs of 1280x720, five seconds each at 30 fps, zoom and pan, five cross-fades: {job.Plan.FrameCount} frames, {job.Plan.Pieces.Count} pieces");
        Say("");
        await CompareAsync(job, folder, rounds);
        await ReexportAsync(job, folder, pictures, rounds);
        await SmoothnessAsync(folder);
    });

    /// <summary>Renders the film again and again, and tells what each took.</summary>
    public static Task<int> RenderAsync(int times) => InFolderAsync(async (job, _, _) =>
    {
        for (var i = 0; i < times; i++)
        {
            var cost = await Cost.OfAsync(() => job.RenderAsync("film", new Dictionary<string, string>(StringComparer.Ordinal)));
            Say($"  {cost.Wall:F2} s wall {cost.Cpu:F2} s CPU, drawing a frame {1000 * await job.DrawAsync(null) / job.Plan.FrameCount:F3} ms ({RowName})");
        }
    });

    private static async Task<int> InFolderAsync(Func<FilmJob, string, List<byte[]>, Task> work)
    {
        // In memory, where that can be: what a disk is busy with is nobody's of these.
        var folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"framevideo-bench-{Environment.ProcessId}")).FullName;
        try
        {
            var pictures = Enumerable.Range(1, 6).Select(number => Scenery.Picture(1280, 720, number)).ToList();
            using var job = await FilmJob.CreateAsync(Path.Combine(folder, "film"), FilmJob.Settings, pictures);
            await work(job, folder, pictures);
            return _failed ? 1 : 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string RowName => RowKernels.Best.GetType().Name.Replace("Kernels", "", StringComparison.Ordinal);

    private static async Task CompareAsync(FilmJob job, string folder, int rounds)
    {
        var frames = Path.Combine(folder, "frames.yuv");
        await job.DrawAsync(frames);
        var drawing = new List<double>();
        var peers = new Peers(job, folder);
        var first = new List<double>();
        var contenders = new (string Name, Func<Task> Run)[]
        {
            ("FrameVideo", async () =>
            {
                var watch = Stopwatch.StartNew();
                await job.RenderAsync("film", new Dictionary<string, string>(StringComparer.Ordinal), () => first.Add(watch.Elapsed.TotalSeconds));
            }),
            ("bare encode, chunked", () => peers.ChunkedAsync(frames)),
            ("bare encode, plain", () => peers.PlainAsync(frames)),
            ("zoompan, 4x first", () => peers.ZoompanAsync(4 * 1280)),
            ("zoompan, scale=8000", () => peers.ZoompanAsync(8000)),
        };
        // A service that has just been started compiles for its first films; what follows is read from disk at first use.
        var start = await Cost.OfAsync(contenders[0].Run);
        for (var i = 0; i < 3; i++) foreach (var (_, run) in contenders[..3]) await run();
        first.Clear();
        var costs = contenders.ToDictionary(contender => contender.Name, _ => new List<Cost>(), StringComparer.Ordinal);
        for (var round = 0; round < rounds; round++)
        {
            // Whoever began last time is last now.
            foreach (var (name, run) in Turned(contenders[..3], round)) costs[name].Add(await Cost.OfAsync(run));
            // They take many times as long, and lie far from the bar.
            if (round % 4 == 0) foreach (var (name, run) in contenders[3..]) costs[name].Add(await Cost.OfAsync(run));
            drawing.Add(1000 * await job.DrawAsync(null) / job.Plan.FrameCount);
        }
        foreach (var (name, own) in costs)
            Say($"  {name,-22} {Median(own.Select(cost => cost.Wall)),7:F2} s wall {Median(own.Select(cost => cost.Cpu)),7:F2} s CPU");
        Say("");
        var ours = costs["FrameVideo"];
        // Those that run every fourth time are held against what ran in the same round.
        double Ratio(string name, Func<Cost, double> of) => Median(ours.Where((_, round) => costs[name].Count == rounds || round % 4 == 0).Zip(costs[name], (a, b) => of(a) / of(b)));
        AtMost("wall against chunked bare encode", Ratio("bare encode, chunked", cost => cost.Wall), 1.10);
        AtMost("wall against plain bare encode", Ratio("bare encode, plain", cost => cost.Wall), 1.00);
        AtMost("CPU against plain bare encode", Ratio("bare encode, plain", cost => cost.Cpu), 1.15);
        Told("CPU against chunked bare encode", Ratio("bare encode, chunked", cost => cost.Cpu), "");
        AtLeast("times faster than zoompan, scale=8000", 1 / Ratio("zoompan, scale=8000", cost => cost.Wall), 4);
        Told("times faster than zoompan, 4x first", 1 / Ratio("zoompan, 4x first", cost => cost.Wall), "");
        Told("drawing a frame, one thread", Median(drawing), "ms");
        Told("first clip can be played after", Median(first), "s");
        Told("films for each hour and core", 3600 / Median(ours.Select(cost => cost.Wall)) / Environment.ProcessorCount, "");
        Told("the first film of a process, wall", start.Wall, "s");
        Told("temporary disk of the film", new DirectoryInfo(Path.Combine(folder, "film")).EnumerateFiles("film*").Sum(file => file.Length) / 1e6, "MB");
        File.Delete(frames);
    }

    private static async Task ReexportAsync(FilmJob job, string folder, List<byte[]> pictures, int rounds)
    {
        using var changed = await FilmJob.CreateAsync(Path.Combine(folder, "changed"), FilmJob.Settings, [.. pictures[..3], Scenery.Picture(1280, 720, 77), .. pictures[4..]]);
        var former = new Dictionary<string, string>(StringComparer.Ordinal);
        await job.RenderAsync("former", former);
        var ratios = new List<double>();
        string again = "", fresh = "";
        for (var round = 0; round < rounds; round++)
        {
            var part = await Cost.OfAsync(async () => again = await changed.RenderAsync("again", new Dictionary<string, string>(former, StringComparer.Ordinal)));
            var whole = await Cost.OfAsync(async () => fresh = await changed.RenderAsync("fresh", new Dictionary<string, string>(StringComparer.Ordinal)));
            ratios.Add(part.Wall / whole.Wall);
        }
        AtMost("re-export after one of six pictures changed", Median(ratios), 0.30);
        var peers = new Peers(changed, folder);
        var equal = await peers.FrameHashesAsync(again) == await peers.FrameHashesAsync(fresh);
        Say($"  {"its frames are those of a fresh film",-46} {(equal ? "yes" : "NO"),8}");
        _failed |= !equal;
    }

    private static async Task SmoothnessAsync(string folder)
    {
        var settings = FilmJob.Settings with { DurationSeconds = 5 };
        using var job = await FilmJob.CreateAsync(Path.Combine(folder, "disc"), settings, [Scenery.Disc(1280, 720, Disc.X, Disc.Y)]);
        int bytes = settings.Width * settings.Height * 3 / 2;
        var path = Path.Combine(folder, "disc.yuv");
        await job.DrawAsync(path);
        var ours = Of(await File.ReadAllBytesAsync(path));
        AtMost("step error of the disc, px rms", ours.Rms, 0.01, "F4");
        AtMost("step error of the disc, px at most", ours.Most, 0.03, "F4");
        foreach (var width in new[] { 1280, 4 * 1280, 8000 })
        {
            var theirs = Of(await new Peers(job, folder).ZoompanFramesAsync(width));
            Say($"  {$"  zoompan over {width} px",-46} {theirs.Rms,8:F3} rms, {theirs.Most:F3} at most");
        }

        Disc Of(byte[] frames) => Disc.Of(job.Plan.Shots[0], settings.Width, settings.Height, i => frames.AsSpan(i * bytes, settings.Width * settings.Height));
    }

    private static IEnumerable<T> Turned<T>(T[] items, int by) => items.Skip(by % items.Length).Concat(items.Take(by % items.Length));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static void AtMost(string what, double value, double bar, string format = "F3") => Bar(what, value, "at most", bar, value <= bar, format);

    private static void AtLeast(string what, double value, double bar) => Bar(what, value, "at least", bar, value >= bar, "F2");

    private static void Bar(string what, double value, string word, double bar, bool holds, string format)
    {
        _failed |= !holds;
        Say($"  {what,-46} {value.ToString(format, CultureInfo.InvariantCulture),8}   {word} {bar.ToString("0.00", CultureInfo.InvariantCulture)}{(holds ? "" : "   MISSED")}");
    }

    private static void Told(string what, double value, string unit) => Say($"  {what,-46} {value.ToString("F2", CultureInfo.InvariantCulture),8} {unit}");

    private static void Say(string line)
    {
        lock (Printing) Console.WriteLine(line);
    }
}
