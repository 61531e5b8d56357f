using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Frames;

/// <summary>A picture's bytes on their way in, from a form or from a URL: where they break off, that is told as a refusal and is no fault of ours.</summary>
/// <param name="inner">Where they come from.</param>
/// <param name="code">What a break is.</param>
/// <param name="sentence">What it is told as.</param>
/// <param name="limit">Ends the reads; linked to the request's own token.</param>
internal sealed class TellingStream(Stream inner, ErrorCode code, string sentence, CancellationToken limit) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, limit);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or OperationCanceledException && exception is not BadHttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw new ProblemException(code, sentence, inner: exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
