using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace FrameVideo.Storage;

/// <summary>Writes what comes in to temporary files, hashed and counted on the way, so that it can be read again for each attempt at storing it.</summary>
public sealed class Spool(IOptions<SpoolOptions> options) : IDisposable
{
    /// <summary>What an upload gets at first. Who sends a few bytes and then waits, as hundreds may at a time, holds no more.</summary>
    private const int FirstBuffer = 8 * 1024;
    private const int BufferSize = 128 * 1024;
    private readonly Lock _opening = new();
    private Scratch? _scratch;
    private long _total;

    /// <summary>Bytes in all spooled files of this process at present.</summary>
    public long TotalBytes => Interlocked.Read(ref _total);

    /// <summary>Removes what dead processes left behind. Called once at start; else the first file does it.</summary>
    public void Sweep() => _ = Open();

    /// <summary>Writes a stream to a file of at most so many bytes. Nothing is left of it on any failure.</summary>
    /// <exception cref="SpoolTooLargeException">The stream has more bytes; of those past the limit one at most was read.</exception>
    /// <exception cref="ObjectStoreUnavailableException">The disk is full, or all spooled files together have reached their limit.</exception>
    public async Task<SpooledFile> WriteAsync(Stream source, long maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        var path = Open().NewPath();
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        long reserved = 0;
        try
        {
            await using (var file = OnDisk(() => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, useAsync: true)))
            {
                while (true)
                {
                    // One byte more than is allowed tells "full" from "too much".
                    var wanted = (int)Math.Min(buffer.Length, maxBytes - length + 1);

                    // A request's body comes in small pieces, and each write is a turn on the thread pool: so the buffer is filled first.
                    var read = await source.ReadAtLeastAsync(buffer.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken);
                    if (read == 0) break;
                    if (read > maxBytes - length) throw new SpoolTooLargeException(maxBytes);
                    reserved += read;
                    if (Interlocked.Add(ref _total, read) > options.Value.MaxTotalBytes)
                        throw new ObjectStoreUnavailableException("All uploads together have reached the limit of the spool folder.");
                    await OnDiskAsync(() => file.WriteAsync(buffer.AsMemory(0, read), cancellationToken));
                    hash.AppendData(buffer, 0, read);
                    length += read;
                    if (buffer.Length < BufferSize && read == buffer.Length) Grow(ref buffer);
                }
            }

            return new SpooledFile(path, length, Convert.ToHexStringLower(hash.GetCurrentHash())) { Released = () => Interlocked.Add(ref _total, -length) };
        }
        catch
        {
            Interlocked.Add(ref _total, -reserved);
            Scratch.Remove(path);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes bytes that are in memory already.</summary>
    /// <exception cref="ObjectStoreUnavailableException">The disk is full, or all spooled files together have reached their limit.</exception>
    public async Task<SpooledFile> WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var source = MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
        return await WriteAsync(source, content.Length, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch?.Dispose();

    private static void Grow(ref byte[] buffer)
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    }

    private Scratch Open()
    {
        lock (_opening) return _scratch ??= OnDisk(() => new Scratch(Path.GetFullPath(options.Value.Folder)));
    }

    // Only the disk's failures are the store's: those of the source, such as a client that went away, pass as they are.
    private static T OnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (Disk.HasFailed(e))
        {
            throw Disk.Tell(e, "the spool folder");
        }
    }

    private static async ValueTask OnDiskAsync(Func<ValueTask> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (Disk.HasFailed(e))
        {
            throw Disk.Tell(e, "the spool folder");
        }
    }
}
