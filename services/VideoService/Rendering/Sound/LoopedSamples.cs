using System.Buffers;

namespace VideoService.Rendering;

/// <summary>Decoded samples, as often as they fit into a length; without a loop once, and silence after them.</summary>
/// <param name="path">A file of floats, two channels.</param>
/// <param name="there">How many samples of it are used.</param>
/// <param name="wanted">How many are written.</param>
/// <param name="loop">Whether they begin again.</param>
internal sealed class LoopedSamples(string path, long there, long wanted, bool loop)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>How a child is told what it reads.</summary>
    public static IReadOnlyList<string> Input { get; } = ["-f", "f32le", "-ar", "48000", "-ac", "2", "-i", "pipe:0"];

    /// <summary>Writes all of it.</summary>
    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: true);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var (left, inTurn) = (wanted * SoundDecoder.Frame, there * SoundDecoder.Frame);
            while (left > 0)
            {
                if (inTurn == 0 && loop)
                {
                    file.Position = 0;
                    inTurn = there * SoundDecoder.Frame;
                }

                var size = (int)Math.Min(BufferSize, inTurn > 0 ? Math.Min(left, inTurn) : left);
                if (inTurn > 0) await file.ReadExactlyAsync(buffer.AsMemory(0, size), cancellationToken);
                else buffer.AsSpan(0, size).Clear();
                await output.WriteAsync(buffer.AsMemory(0, size), cancellationToken);
                left -= size;
                inTurn = Math.Max(0, inTurn - size);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
