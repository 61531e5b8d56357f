using SkiaSharp;

namespace FrameService.Generation.Drawing.Hands;

/// <summary>Tiles of noise around middle grey. They are the same for every frame, so they are made once and never changed.</summary>
internal static class Textures
{
    private const int Size = 256;

    private static readonly Lazy<SKImage> Mottled = new(() => Tile((x, y) => 128 + (int)(Noise.Fractal(x / 8f, y / 8f, 4, 11, Size / 8) * 120)));

    private static readonly Lazy<SKImage> Fine = new(() => Tile((x, y) => 128 + (int)((Noise.Value(x, y, 5, Size) + Noise.Value(x * 0.5f, y * 0.5f, 9, Size / 2)) * 55)));

    /// <summary>Mottling; its strength is in the alpha of the shader.</summary>
    public static SKShader Shader(float scale, float stretch, float strength)
    {
        using var full = Mottled.Value.ToShader(SKShaderTileMode.Repeat, SKShaderTileMode.Repeat, new SKSamplingOptions(SKFilterMode.Linear), SKMatrix.CreateScale(scale * stretch, scale));
        using var alpha = SKShader.CreateColor(SKColors.White.Alpha(strength));
        return SKShader.CreateCompose(full, alpha, SKBlendMode.DstIn);
    }

    public static SKShader Grain(float scale) =>
        Fine.Value.ToShader(SKShaderTileMode.Repeat, SKShaderTileMode.Repeat, new SKSamplingOptions(SKFilterMode.Linear), SKMatrix.CreateScale(scale, scale));

    private static SKImage Tile(Func<int, int, int> value)
    {
        var pixels = new byte[Size * Size * 4];
        for (var i = 0; i < Size * Size; i++)
        {
            var grey = (byte)Math.Clamp(value(i % Size, i / Size), 0, 255);
            (pixels[i * 4], pixels[(i * 4) + 1], pixels[(i * 4) + 2], pixels[(i * 4) + 3]) = (grey, grey, grey, 255);
        }

        return SKImage.FromPixelCopy(new SKImageInfo(Size, Size, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels, Size * 4);
    }
}
