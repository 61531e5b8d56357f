namespace VideoService.Rendering;

/// <summary>Room for film frames that take turns; each is made when its turn first comes.</summary>
/// <param name="film">Their size.</param>
/// <param name="count">How many there are, 1 or more.</param>
internal sealed class FrameTurns(FilmSettings film, int count)
{
    private readonly byte[]?[] _frames = new byte[count][];
    private int _last;

    /// <summary>The one that was handed out longest ago.</summary>
    public byte[] Next()
    {
        _last = (_last + 1) % _frames.Length;
        return _frames[_last] ??= GC.AllocateUninitializedArray<byte>(film.Width * film.Height * 3 / 2);
    }
}
