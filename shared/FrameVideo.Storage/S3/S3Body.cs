using System.Security.Cryptography;
using Amazon.S3.Model;

namespace FrameVideo.Storage;

/// <summary>
/// The body of a download: each read ends within <see cref="S3ObjectStoreOptions.ReadTimeout"/>, what breaks off is told as an outage, and a body that was read whole is compared with its hash.
/// </summary>
internal sealed class S3Body(GetObjectResponse answer, string name, string? sha256, S3Connection s3, TimeProvider clock) : Stream
{
    private readonly IncrementalHash? _hash = sha256 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;
    private bool _isChecked;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    /// <exception cref="ObjectStoreUnavailableException">The store is silent, or the body breaks off.</exception>
    /// <exception cref="InvalidDataException">At the end: these are not the bytes that were put.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        using var limit = new CancellationTokenSource(s3.Options.ReadTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        int read;
        try
        {
            // WaitAsync: not every layer of the SDK hands the token on.
            read = await answer.ResponseStream.ReadAsync(buffer, either.Token).AsTask().WaitAsync(either.Token);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectStoreUnavailableException($"The object store at {s3.Place} broke off in the middle of {name}: {e.Message}", e);
        }

        if (read > 0)
        {
            _read += read;
            _hash?.AppendData(buffer.Span[..read]);
        }

        // With the last byte, not past it: many readers never ask again.
        if (_read > answer.ContentLength || (read == 0 && _read < answer.ContentLength))
            throw new ObjectStoreUnavailableException($"The object store at {s3.Place} gave {_read} of {answer.ContentLength} bytes of {name}.");
        if (_read == answer.ContentLength) Check();
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
            _hash?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check()
    {
        if (_hash is null || _isChecked) return;
        _isChecked = true;
        if (Convert.ToHexStringLower(_hash.GetCurrentHash()) != sha256) throw new InvalidDataException($"{name} has other bytes in the object store than were put there.");
    }
}
