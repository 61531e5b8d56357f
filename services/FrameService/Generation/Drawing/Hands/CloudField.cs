using SkiaSharp;

namespace FrameService.Generation.Drawing.Hands;

/// <summary>Clouds as a field of noise on a ceiling that recedes to the horizon, lit from the light's side.</summary>
internal static class CloudField
{
    private const int Step = 4;

    public static SKImage Draw(Stage stage, float cover, SKColor lit, SKColor shade)
    {
        var width = (stage.Width / Step) + 1;
        var height = Math.Max(2, (int)(stage.Horizon / Step) + 1);
        var pixels = new byte[width * height * 4];
        var seed = (uint)stage.World("clouds").Below(int.MaxValue);
        var wander = stage.Progress * 1.5f;
        var (lightX, lightY) = (stage.Light.X / stage.Width, stage.Light.Y / stage.Horizon);
        var threshold = 0.32f - (cover * 0.62f);

        for (var y = 0; y < height; y++)
        {
            var up = 1 - (y / (float)height);
            var distance = 1 / (up + 0.34f);
            for (var x = 0; x < width; x++)
            {
                var across = x / (float)width;
                var u = ((across - 0.5f) * distance * 1.5f * stage.Width / stage.Horizon) + 7 + wander;
                var v = distance * 3.4f;
                var density = Noise.Fractal(u, v, 5, seed);
                var alpha = Smooth(threshold, threshold + 0.42f, density) * Smooth(0, 0.2f, up);
                if (alpha <= 0.004f) continue;
                var towards = Noise.Fractal(u + ((lightX - across) * 0.35f), v + ((up - 1 + lightY) * -0.25f) - 0.12f, 3, seed);
                var light = Math.Clamp(0.55f + ((towards - density) * -1.6f) - (Smooth(0.1f, 0.7f, density) * 0.35f), 0, 1);
                var nearLight = MathF.Exp(-((((across - lightX) * (across - lightX)) + ((1 - up - lightY) * (1 - up - lightY) * 0.6f)) * 9));
                var colour = shade.Mix(lit, Math.Clamp(light + (nearLight * 0.45f * stage.Sunlight), 0, 1));
                Put(pixels, ((y * width) + x) * 4, colour, alpha * 0.92f);
            }
        }

        return SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul), pixels, width * 4);
    }

    private static void Put(byte[] pixels, int at, SKColor colour, float alpha)
    {
        pixels[at] = (byte)(colour.Red * alpha);
        pixels[at + 1] = (byte)(colour.Green * alpha);
        pixels[at + 2] = (byte)(colour.Blue * alpha);
        pixels[at + 3] = (byte)(255 * alpha);
    }

    private static float Smooth(float from, float to, float value)
    {
        var t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }
}
