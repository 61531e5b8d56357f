namespace FrameService.Frames.Cleaning;

/// <summary>Parts of a file, and bytes of ours between them, one after the other; nothing is held in memory.</summary>
internal sealed class PartsStream(FileStream file, IReadOnlyList<Part> parts) : Stream
{
    private int _index;
    private long _done;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => parts.Sum(part => part.Length);

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_index < parts.Count)
        {
            var part = parts[_index];
            var wanted = (int)Math.Min(buffer.Length, part.Length - _done);
            var read = wanted;
            if (part.Bytes is { } bytes) bytes.AsMemory((int)_done, wanted).CopyTo(buffer);
            else read = await RandomAccess.ReadAsync(file.SafeFileHandle, buffer[..wanted], part.Offset + _done, cancellationToken);
            _done += read;
            if (_done == part.Length) (_index, _done) = (_index + 1, 0);
            if (read > 0 || buffer.Length == 0) return read;
            if (wanted > 0) throw new EndOfStreamException("The spooled file is shorter than it was.");
        }

        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
