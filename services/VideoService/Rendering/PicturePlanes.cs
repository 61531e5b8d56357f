namespace VideoService.Rendering;

/// <summary>One plane of eight-bit samples whose edge samples go on for <see cref="Pad"/> samples on all sides, so that no tap needs a bounds check.</summary>
internal sealed class Plane
{
    /// <summary>Repeated samples on each side. Four taps reach two beyond the edge; the rest is room for a load of sixteen that begins at one of them.</summary>
    public const int Pad = 16;

    private readonly byte[] _samples;

    /// <summary>Takes the samples of a packed plane, row by row.</summary>
    public Plane(int width, int height, ReadOnlySpan<byte> packed)
        : this(width, height) => Take(packed);

    /// <summary>A plane without samples yet.</summary>
    public Plane(int width, int height)
    {
        (Width, Height, Stride) = (width, height, width + 2 * Pad);
        _samples = new byte[Stride * (height + 2 * Pad)];
    }

    /// <summary>Takes the samples of another packed plane of this size in place of its own.</summary>
    public void Take(ReadOnlySpan<byte> packed)
    {
        int width = Width, height = Height;
        for (var y = 0; y < height; y++)
        {
            var row = _samples.AsSpan((y + Pad) * Stride, Stride);
            packed.Slice(y * width, width).CopyTo(row[Pad..]);
            row[..Pad].Fill(row[Pad]);
            row[(Pad + width)..].Fill(row[Pad + width - 1]);
        }
        for (var y = 0; y < Pad; y++)
        {
            _samples.AsSpan(Pad * Stride, Stride).CopyTo(_samples.AsSpan(y * Stride));
            _samples.AsSpan((Pad + height - 1) * Stride, Stride).CopyTo(_samples.AsSpan((Pad + height + y) * Stride));
        }
    }

    /// <summary>Samples across, without the padding.</summary>
    public int Width { get; }

    /// <summary>Samples down, without the padding.</summary>
    public int Height { get; }

    private int Stride { get; }

    /// <summary>Row <paramref name="y"/>, from -Pad to Height + Pad - 1; sample x stands at index x + Pad.</summary>
    public ReadOnlySpan<byte> PaddedRow(int y) => _samples.AsSpan((y + Pad) * Stride, Stride);
}

/// <summary>A picture ready to be filmed: I420, BT.709, limited range, chroma sited as MPEG-2 does (left), on a canvas of the film's ratio.</summary>
/// <param name="Y">Luma, even sides.</param>
/// <param name="U">Blue difference, half of each side.</param>
/// <param name="V">Red difference, likewise.</param>
internal sealed record PicturePlanes(Plane Y, Plane U, Plane V);
