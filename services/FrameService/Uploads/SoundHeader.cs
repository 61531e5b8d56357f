using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Uploads;

/// <summary>What kind of sound a file's first bytes are; whether it can be decoded is for the film to find out.</summary>
internal static class SoundHeader
{
    /// <summary>An Ogg's first page tells its codec; with as many segments as it may have.</summary>
    private const int Enough = 4096;

    /// <summary>The extension of the file's kind: mp3, m4a, aac, wav, flac or ogg.</summary>
    /// <exception cref="ProblemException">unsupported-audio.</exception>
    public static string Read(string path)
    {
        using var file = File.OpenRead(path);
        return KindOf(file) ?? throw new ProblemException(ErrorCodes.UnsupportedAudio, "The bytes are no MP3, AAC, M4A, WAV, FLAC or Ogg (Opus, Vorbis) sound.");
    }

    private static string? KindOf(FileStream file)
    {
        Span<byte> start = stackalloc byte[Enough];
        var bytes = (ReadOnlySpan<byte>)start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (bytes.Length < 16) return null;
        if (bytes.StartsWith("ID3"u8))
        {
            // A tag may stand before any of three kinds (ID3v2.4, section 3.1: its length has seven bits in each byte).
            if ((bytes[6] | bytes[7] | bytes[8] | bytes[9]) >= 0x80) return null;
            file.Position = 10 + (bytes[6] << 21 | bytes[7] << 14 | bytes[8] << 7 | bytes[9]);
            bytes = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            // Some writers leave zeros between the tag and the sound.
            var first = bytes.IndexOfAnyExcept((byte)0);
            return first >= 0 ? KindOf(bytes[first..]) ?? "mp3" : null;
        }

        return KindOf(bytes);
    }

    private static string? KindOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) return null;
        if (bytes.StartsWith("fLaC"u8)) return "flac";
        if (bytes.Length >= 12 && (bytes.StartsWith("RIFF"u8) || bytes.StartsWith("RF64"u8)) && bytes[8..].StartsWith("WAVE"u8)) return "wav";
        if (bytes.StartsWith("OggS"u8)) return bytes.IndexOf("OpusHead"u8) > 0 || bytes.IndexOf("\u0001vorbis"u8) > 0 || bytes.IndexOf("\u007fFLAC"u8) > 0 ? "ogg" : null;
        // Pictures of the same container (HEIF, AVIF) name themselves in the brand.
        if (bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8)) return bytes[8..].StartsWith("mif1"u8) || bytes[8..].StartsWith("hei"u8) || bytes[8..].StartsWith("avi"u8) ? null : "m4a";
        // Twelve bits of ones begin a frame of either kind (ISO/IEC 11172-3, 2.4.1.3; 13818-7, 6.2.1): layer 0 is ADTS; eleven and layer III are an MP3 of any version.
        if (bytes[0] != 0xff) return null;
        if ((bytes[1] & 0xf6) == 0xf0) return "aac";
        return (bytes[1] & 0xe6) == 0xe2 && (bytes[1] & 0x18) != 0x08 && (bytes[2] & 0xf0) != 0xf0 && (bytes[2] & 0x0c) != 0x0c ? "mp3" : null;
    }
}
