using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Frames.Cleaning;

/// <summary>A picture's file, taken apart: what stays of it where only its metadata goes, and what says how its pixels are to be read.</summary>
internal sealed class PictureParts
{
    /// <summary>A colour profile is larger than this in no picture for which one was made by a person's program.</summary>
    public const int MaxProfile = 4 * 1024 * 1024;

    /// <summary>Chunks or segments that a picture has at most; each is a look into the file, and one of 25 MiB could have two million.</summary>
    public const int MaxParts = 100_000;

    private readonly List<Part> _kept = [];

    /// <summary>What stays, in order; parts that touch are one.</summary>
    public IReadOnlyList<Part> Kept => _kept;

    /// <summary>Whether something is left out or written anew.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>The colour profile (ICC.1); null where there is none.</summary>
    public byte[]? Profile { get; set; }

    /// <summary>How the picture is to be turned, 1-8 as in EXIF; 1 where it does not say.</summary>
    public int Orientation { get; set; } = 1;

    /// <summary>More than one picture in a row: only the first would survive being encoded anew.</summary>
    public bool IsAnimated { get; set; }

    /// <summary>Cyan, magenta, yellow and black instead of light.</summary>
    public bool IsInk { get; set; }

    /// <summary>VP8L or PNG: encoded anew, it loses nothing.</summary>
    public bool IsLossless { get; set; }

    /// <summary>Where the orientation stood, as an index of <see cref="Kept"/>; -1 where it did not.</summary>
    private int _orientationAt = -1;
    private Func<byte[], byte[]>? _wrap;

    /// <summary>The refusal of a picture that has more than <see cref="MaxParts"/>.</summary>
    public static ProblemException TooMany() => new(ErrorCodes.ImageUnreadable, $"The picture is in more than {MaxParts} parts; save it anew.");

    /// <summary>Keeps bytes of the file.</summary>
    public void Keep(long offset, long length)
    {
        if (length <= 0) return;
        if (_kept.Count > 0 && _orientationAt != _kept.Count && _kept[^1] is { Bytes: null } last && last.Offset + last.Length == offset) _kept[^1] = last with { Length = last.Length + length };
        else _kept.Add(new Part(offset, length, null));
    }

    /// <summary>Puts bytes of ours in the place of some.</summary>
    public void Write(byte[] bytes)
    {
        _kept.Add(new Part(0, bytes.Length, bytes));
        IsChanged = true;
    }

    /// <summary>Leaves something out.</summary>
    public void Drop() => IsChanged = true;

    /// <summary>Leaves the block with the orientation out; it is written anew at this place where the pixels cannot be turned.</summary>
    /// <param name="exif">The block: TIFF, with or without the mark in front of it.</param>
    /// <param name="wrap">Makes a block of the format around a TIFF.</param>
    public void DropExif(ReadOnlySpan<byte> exif, Func<byte[], byte[]> wrap)
    {
        IsChanged = true;
        if (_orientationAt >= 0 || Exif.Orientation(exif) is not { } orientation) return;
        Orientation = orientation;
        (_orientationAt, _wrap) = (_kept.Count, wrap);
    }

    /// <summary>What stays where the pixels stay as they are: without the metadata, but for the orientation where that is needed.</summary>
    public IReadOnlyList<Part> Cleaned()
    {
        if (Orientation == 1 || _orientationAt < 0) return _kept;
        var bytes = _wrap!(Exif.Of(Orientation));
        return [.. _kept.Take(_orientationAt), new Part(0, bytes.Length, bytes), .. _kept.Skip(_orientationAt)];
    }
}

/// <summary>Bytes of the file, or of ours.</summary>
/// <param name="Offset">Where they begin in the file.</param>
/// <param name="Length">How many they are.</param>
/// <param name="Bytes">Ours; null for the file's.</param>
internal readonly record struct Part(long Offset, long Length, byte[]? Bytes);
