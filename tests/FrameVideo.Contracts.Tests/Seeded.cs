using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CsCheck;
using Xunit.Abstractions;

namespace FrameVideo.Contracts.Tests;

/// <summary>
/// Runs a property over generated values that a seed determines. By default 100,000 of a fixed seed; with <c>FRAMEVIDEO_LONG=1</c> in the environment a million of a new one, which is
/// printed and can be had again with <c>FRAMEVIDEO_SEED</c>.
/// </summary>
public static class Seeded
{
    private const uint Stream = 7;

    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("FRAMEVIDEO_LONG") == "1";

    public static int Count => IsLong ? 1_000_000 : 100_000;

    private static ulong Seed { get; } =
        Environment.GetEnvironmentVariable("FRAMEVIDEO_SEED") is { Length: > 0 } given ? ulong.Parse(given, CultureInfo.InvariantCulture)
        : IsLong ? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 16
        : 20_260_701;

    /// <summary>Checks <paramref name="count"/> values, on every core; the first one that fails is told with the seed.</summary>
    public static void Check<T>(ITestOutputHelper output, int count, Gen<T> values, Func<T, bool> holds, Func<T, string> print)
    {
        var start = Stopwatch.GetTimestamp();
        var checkedValues = 0;
        Parallel.For(0, count, i =>
        {
            // A generator of its own for each value: any one can be had again by its number.
            var value = values.Generate(new PCG(Stream, Seed + ((ulong)i * 0x9E3779B97F4A7C15)), null, out _);
            var ok = false;
            try
            {
                ok = holds(value);
            }
            catch (Exception e)
            {
                Assert.Fail($"FRAMEVIDEO_SEED={Seed}, value {i}: {print(value)} ended in {e}");
            }

            Assert.True(ok, $"FRAMEVIDEO_SEED={Seed}, value {i}: {print(value)}");
            Interlocked.Increment(ref checkedValues);
        });

        Assert.Equal(count, checkedValues);
        var line = $"FRAMEVIDEO_SEED={Seed}: {count} values in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s";
        output.WriteLine(line);
        if (IsLong) Console.WriteLine(line);
    }
}
