using FrameVideo.Storage;

namespace VideoService.Videos;

/// <summary>The way to a pinned frame's bytes: our own rows where the store did not have them, else the store.</summary>
internal sealed class PinnedPictures(PinTable pins, IObjectStore store)
{
    /// <summary>Opens a picture.</summary>
    /// <exception cref="FrameMissingException">It is no longer in the store.</exception>
    public async Task<Stream> OpenAsync(VideoFrameRow frame, CancellationToken cancellationToken)
    {
        if (await pins.InlineAsync(frame.VideoId, frame.Number, cancellationToken) is { } bytes) return new MemoryStream(bytes, writable: false);
        var picture = await store.GetAsync(frame.ObjectKey, range: null, cancellationToken) ?? throw new FrameMissingException(frame.Number);
        return picture.Content;
    }
}
