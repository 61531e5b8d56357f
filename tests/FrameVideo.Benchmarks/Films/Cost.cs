using System.Diagnostics;
using System.Globalization;

namespace FrameVideo.Benchmarks.Films;

/// <summary>Seconds by the clock, and of processor time, that of ended children included.</summary>
internal readonly record struct Cost(double Wall, double Cpu)
{
    private const double TicksPerSecond = 100;

    public static async Task<Cost> OfAsync(Func<Task> work)
    {
        // What earlier work left behind is not this one's.
        GC.Collect();
        var (cpu, watch) = (Used(), Stopwatch.StartNew());
        await work();
        return new Cost(watch.Elapsed.TotalSeconds, Used() - cpu);
    }

    // proc(5): utime, stime, cutime and cstime are fields 14 to 17; the second one, a name in brackets, may hold spaces.
    private static double Used()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..15].Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
