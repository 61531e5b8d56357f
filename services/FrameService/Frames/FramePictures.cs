using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace FrameService.Frames;

/// <summary>Reads the bytes of a frame's picture from where they are: parked, or in the store.</summary>
internal sealed class FramePictures(ParkedTable parked, IObjectStore store)
{
    /// <summary>The bytes, at most 25 MiB.</summary>
    /// <exception cref="ProblemException">object-not-found, where somebody has removed the object.</exception>
    public async Task<byte[]> ReadAsync(FrameRow row, CancellationToken cancellationToken)
    {
        var key = row.ObjectKey!.Value;
        if (row.State == FrameStatus.Inline && await parked.ReadAsync(key, cancellationToken) is { } content) return content;
        // Not parked, or moved to the store since the row was read.
        await using var found = await store.GetAsync(key, null, cancellationToken) ?? throw new ProblemException(ErrorCodes.ObjectNotFound, $"The picture of frame {row.Number} is no longer in the store.");
        using var bytes = new MemoryStream((int)Math.Min(found.Length, PictureKeeper.MaxBytes));
        await found.Content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    /// <summary>The picture or a part of it; null where somebody has removed the object.</summary>
    public async Task<StoredObject?> OpenAsync(FrameRow row, ByteRange? range, CancellationToken cancellationToken)
    {
        var key = row.ObjectKey!.Value;
        if (row.State != FrameStatus.Inline || await parked.ReadAsync(key, cancellationToken) is not { } content) return await store.GetAsync(key, range, cancellationToken);
        var (offset, length) = (range ?? default).Within(content.Length);
        return new StoredObject(new MemoryStream(content, (int)offset, (int)length, writable: false), offset, length, content.Length, row.UpdatedAt);
    }

    public async Task<string> ReadDataUrlAsync(FrameRow row, CancellationToken cancellationToken) => DataUrl.Encode(row.ContentType!, await ReadAsync(row, cancellationToken));
}
