using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace VideoService.Rendering;

/// <summary>A child's standard input that tells of each part that the child has taken. Written to, never read.</summary>
internal sealed class WatchedInput(Stream inner, Action taken) : Stream
{
    private readonly SafePipeHandle? _pipe = (inner as PipeStream)?.SafePipeHandle;
    private bool _isGiving = OperatingSystem.IsLinux() && inner is PipeStream;

    /// <summary>
    /// Lets the child read memory as it lies, where the system can do that: nothing is copied on its way into the pipe. So the memory is pinned, and stays as it is until the child has
    /// ended, or <see cref="ChildProcess.LargePipe"/> bytes more have been written.
    /// </summary>
    public async Task GiveAsync(ReadOnlyMemory<byte> pinned, CancellationToken cancellationToken)
    {
        var given = _isGiving ? await Task.Run(() => ChildProcess.Give(_pipe!, pinned.Span), cancellationToken) : 0;
        if (given > 0) taken();
        // Where the system does not offer it, nothing was given.
        _isGiving &= given == pinned.Length;
        if (given < pinned.Length) await WriteAsync(pinned[given..], cancellationToken);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        taken();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write(buffer, offset, count);
        taken();
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
