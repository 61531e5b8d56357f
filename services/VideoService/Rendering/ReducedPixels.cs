using SkiaSharp;

namespace VideoService.Rendering;

/// <summary>
/// Decodes a large PNG into one whose sides are a whole number of times smaller, each pixel the mean of those that it stands for. Its codec can leave nothing out, but it can be told to
/// keep some of the rows: so it goes over the bytes once for each strip, and memory follows what is needed and not what the picture has.
/// </summary>
internal static class ReducedPixels
{
    /// <summary>Bytes of decoded pixels that are held at a time.</summary>
    public const int MaxStrip = 32 * 1024 * 1024;

    /// <summary>Decodes into the pixels of <paramref name="bitmap"/>, RGBA. What is left over at the right and below, less than <paramref name="times"/> pixels, is not looked at.</summary>
    /// <returns>How decoding ended.</returns>
    public static SKCodecResult Read(SKCodec codec, SKBitmap bitmap, int times, int maxStrip = MaxStrip)
    {
        var full = bitmap.Info.WithSize(codec.Info.Width, codec.Info.Height);
        var height = Math.Min(bitmap.Height, Math.Max(1, maxStrip / full.RowBytes / times));
        using var strip = new SKBitmap();
        if (!strip.TryAllocPixels(full.WithSize(full.Width, height * times))) return SKCodecResult.InternalError;
        var sums = new int[4 * bitmap.Width];
        for (var top = 0; top < bitmap.Height; top += height)
        {
            height = Math.Min(height, bitmap.Height - top);
            var options = new SKCodecOptions(SKZeroInitialized.No, SKRectI.Create(0, top * times, full.Width, height * times));
            var result = codec.StartIncrementalDecode(full, strip.GetPixels(), strip.RowBytes, options);
            if (result == SKCodecResult.Success) result = codec.IncrementalDecode(out _);
            if (result != SKCodecResult.Success) return result;
            for (var y = 0; y < height; y++)
            {
                for (var i = 0; i < times; i++) Add(strip.GetPixelSpan().Slice((y * times + i) * strip.RowBytes, full.RowBytes), sums, times);
                Write(sums, bitmap.GetPixelSpan().Slice((top + y) * bitmap.RowBytes, 4 * bitmap.Width), times * times);
            }
        }
        return SKCodecResult.Success;
    }

    private static void Add(ReadOnlySpan<byte> row, Span<int> sums, int times)
    {
        for (int x = 0, at = 0; x < sums.Length; x += 4)
        {
            for (var i = 0; i < times; i++, at += 4)
            {
                sums[x] += row[at];
                sums[x + 1] += row[at + 1];
                sums[x + 2] += row[at + 2];
                sums[x + 3] += row[at + 3];
            }
        }
    }

    private static void Write(Span<int> sums, Span<byte> to, int count)
    {
        for (var x = 0; x < to.Length; x++) to[x] = (byte)((sums[x] + count / 2) / count);
        sums.Clear();
    }
}
