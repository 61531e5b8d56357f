namespace FrameVideo.TestKit.Faults;

/// <summary>A body that flows slowly, or at some byte meets what was planned for it.</summary>
/// <param name="inner">The body itself: of a request it is read, of a response written.</param>
/// <param name="at">How many bytes pass before <paramref name="happen"/>.</param>
/// <param name="happen">What happens then, or null.</param>
/// <param name="bytesPerSecond">The rate, or null.</param>
internal sealed class FaultStream(Stream inner, long at, Func<CancellationToken, Task>? happen, int? bytesPerSecond) : Stream
{
    private const int Piece = 16 * 1024;
    private long _passed;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await NextAsync(buffer.Length, cancellationToken);
        var read = await inner.ReadAsync(buffer[..length], cancellationToken);
        _passed += read;
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var length = await NextAsync(buffer.Length, cancellationToken);
            await inner.WriteAsync(buffer[..length], cancellationToken);
            await inner.FlushAsync(cancellationToken);
            _passed += length;
            buffer = buffer[length..];
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>How many bytes may pass now.</summary>
    private async Task<int> NextAsync(int most, CancellationToken cancellation)
    {
        if (happen is not null && _passed >= at) await happen(cancellation);
        var length = Math.Min(most, Piece);
        if (happen is not null && _passed < at) length = (int)Math.Min(length, at - _passed);
        if (bytesPerSecond is { } rate) await Task.Delay(TimeSpan.FromSeconds((double)length / rate), cancellation);
        return length;
    }
}
