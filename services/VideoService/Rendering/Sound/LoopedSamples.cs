using System.Buffers;
using System.Runtime.InteropServices;

namespace VideoService.Rendering;

/// <summary>Decoded samples, as often as they fit into a length; without a loop once, and silence after them.</summary>
/// <param name="path">A file of floats, two channels.</param>
/// <param name="there">How many samples of it are used, 1 or more.</param>
/// <param name="wanted">How many are written.</param>
/// <param name="loop">Whether they begin again.</param>
internal sealed class LoopedSamples(string path, long there, long wanted, bool loop)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>24 dB above full scale. A file of floats may say anything; louder than this is no sound that somebody has recorded.</summary>
    private const float Loudest = 16;

    /// <summary>How a child is told what it reads.</summary>
    public static IReadOnlyList<string> Input { get; } = ["-f", "f32le", "-ar", "48000", "-ac", "2", "-i", "pipe:0"];

    /// <summary>Writes all of it.</summary>
    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: true);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var (left, whole) = (wanted * SoundDecoder.Frame, there * SoundDecoder.Frame);
            // A sound of a few samples is written by the bufferful, not sample by sample.
            var turns = loop && whole <= BufferSize / 2 ? BufferSize / (int)whole : 1;
            var inTurn = whole;
            while (left > 0)
            {
                if (inTurn == 0 && loop)
                {
                    file.Position = 0;
                    inTurn = whole;
                }

                var size = (int)Math.Min(BufferSize, inTurn > 0 ? Math.Min(left, inTurn) : left);
                if (inTurn > 0) await file.ReadExactlyAsync(buffer.AsMemory(0, size), cancellationToken);
                else buffer.AsSpan(0, size).Clear();
                Tame(buffer.AsSpan(0, size));
                inTurn = Math.Max(0, inTurn - size);
                do
                {
                    var filled = Repeat(buffer, size, turns);
                    var part = (int)Math.Min(filled, left);
                    await output.WriteAsync(buffer.AsMemory(0, part), cancellationToken);
                    left -= part;
                }
                while (turns > 1 && left > 0);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Repeat(byte[] buffer, int size, int turns)
    {
        for (var turn = 1; turn < turns; turn++) buffer.AsSpan(0, size).CopyTo(buffer.AsSpan(turn * size));
        return turns * size;
    }

    /// <summary>What is no number is silence: encoders refuse it, and nothing could measure it.</summary>
    private static void Tame(Span<byte> bytes)
    {
        foreach (ref var sample in MemoryMarshal.Cast<byte, float>(bytes)) sample = float.IsNaN(sample) ? 0 : Math.Clamp(sample, -Loudest, Loudest);
    }
}
