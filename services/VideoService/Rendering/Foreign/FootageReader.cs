namespace VideoService.Rendering.Foreign;

/// <summary>The pictures of a foreign clip at the film's rate, from one film frame on. Not safe for use from two threads at once.</summary>
internal sealed class FootageReader(ReadChild child, Footage clip, int fromFrame) : IAsyncDisposable
{
    private bool _isBegun;
    private readonly byte[] _picture = new byte[clip.Width * clip.Height * 3 / 2];
    private int _next = fromFrame;
    private bool _isOver;

    /// <summary>The picture of a film frame, packed I420 in the clip's own size. After the clip's end its last one stays.</summary>
    /// <param name="filmFrame">The same as before or a later one.</param>
    /// <exception cref="FootageException">It cannot be decoded.</exception>
    public ReadOnlySpan<byte> At(int filmFrame)
    {
        try
        {
            while (_next <= filmFrame)
            {
                if (!_isOver && !child.Read(_picture))
                {
                    _isOver = true;
                    if (!_isBegun) throw new FootageException("Nothing can be seen of the clip.");
                }
                _isBegun = true;
                _next++;
            }
        }
        catch (EncoderException failure)
        {
            throw new FootageException("The clip cannot be decoded: its bytes are damaged.", failure.Details, failure);
        }
        return _picture;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => child.DisposeAsync();
}
