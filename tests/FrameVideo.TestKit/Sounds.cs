using System.Buffers.Binary;
using System.Text;

namespace FrameVideo.TestKit;

/// <summary>Sounds that tests bring.</summary>
public static class Sounds
{
    /// <summary>A tone as a WAV of 48 kHz, 16 bits and two channels.</summary>
    /// <param name="seconds">How long.</param>
    /// <param name="hertz">How high.</param>
    /// <param name="amplitude">How loud, 0-1.</param>
    public static byte[] Wav(double seconds, double hertz = 440, double amplitude = 0.25)
    {
        var samples = (int)Math.Round(seconds * 48_000);
        var wav = new byte[44 + (4 * samples)];
        Encoding.ASCII.GetBytes("RIFF").CopyTo(wav, 0);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        Encoding.ASCII.GetBytes("WAVEfmt ").CopyTo(wav, 8);
        int[] format = [16, 1 | 2 << 16, 48_000, 48_000 * 4, 4 | 16 << 16];
        for (var i = 0; i < format.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16 + (4 * i)), format[i]);
        Encoding.ASCII.GetBytes("data").CopyTo(wav, 36);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), 4 * samples);
        for (var i = 0; i < samples; i++)
        {
            var value = (short)Math.Round(amplitude * short.MaxValue * Math.Sin(2 * Math.PI * hertz * i / 48_000));
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(44 + (4 * i)), value);
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(46 + (4 * i)), value);
        }

        return wav;
    }
}
