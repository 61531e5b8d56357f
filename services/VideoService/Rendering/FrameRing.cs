namespace VideoService.Rendering;

/// <summary>Room for film frames that take turns; each is made when its turn first comes. Not safe for use from two threads at once.</summary>
internal sealed class FrameRing
{
    private readonly byte[]?[] _frames;
    private int _last;

    /// <summary>
    /// Enough of them for an encoder: one can be drawn while another is written, and none is drawn anew while a part of it may still lie in the pipe, which is full of those before.
    /// </summary>
    public FrameRing(int frameBytes)
        : this(frameBytes, 2 + (ChildProcess.LargePipe + frameBytes - 1) / frameBytes)
    {
    }

    /// <summary>A number of frames, 1 or more.</summary>
    public FrameRing(int frameBytes, int count) => (FrameBytes, _frames) = (frameBytes, new byte[count][]);

    /// <summary>Bytes of each frame.</summary>
    public int FrameBytes { get; }

    /// <summary>The one that was handed out longest ago; what it shows is left from then. It does not move in memory.</summary>
    public byte[] Next()
    {
        _last = (_last + 1) % _frames.Length;
        return _frames[_last] ??= GC.AllocateUninitializedArray<byte>(FrameBytes, pinned: true);
    }
}
