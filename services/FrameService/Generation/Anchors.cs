using System.Security.Cryptography;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace FrameService.Generation;

/// <summary>Finds the picture to which a frame is to keep: the one that a person has given for the film, else the nearest earlier frame.</summary>
internal sealed class Anchors(FrameTable frames, ParkedTable parked, IObjectStore store, IConfiguration configuration)
{
    /// <summary>The configuration key that says what frames without a reference keep to.</summary>
    public const string Key = "Generation:Anchor";

    private readonly bool _isPrevious = configuration[Key] switch
    {
        null or "" or "previous" => true,
        "none" => false,
        var other => throw new InvalidOperationException($"{Key} is '{other}'; it is previous or none."),
    };

    /// <summary>Whether each frame of the session has to wait for the one before it.</summary>
    public bool IsInTurn(SessionRow session) => _isPrevious && session.ReferenceKey is null;

    /// <summary>What a person has given; null where nothing was.</summary>
    /// <exception cref="ProblemException">object-not-found, where it has gone: without it, frames would be paid that nobody wants. Or storage-unavailable.</exception>
    public async Task<Anchor?> ReferenceAsync(SessionRow session, CancellationToken cancellationToken) =>
        session.ReferenceKey is not { } key ? null
        : await ReadAsync(key, isReference: true, cancellationToken) ?? throw new ProblemException(ErrorCodes.ObjectNotFound, "The reference picture is no longer in the store.");

    /// <summary>The nearest earlier frame that has a picture; null where there is none, or frames keep to none.</summary>
    public async Task<Anchor?> EarlierAsync(SessionRow session, int number, CancellationToken cancellationToken)
    {
        if (!_isPrevious || number == 1) return null;
        var before = (await frames.ListAsync(session.Key, cancellationToken)).LastOrDefault(frame => frame.Number < number && frame.HasPicture);
        return before is null ? null : await ReadAsync(before.ObjectKey!.Value, isReference: false, cancellationToken);
    }

    /// <summary>The bytes of a picture, wherever they are: parked, or in the store; null where they have gone.</summary>
    /// <exception cref="ProblemException">storage-unavailable.</exception>
    public async Task<byte[]?> BytesAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (await parked.ReadAsync(key, cancellationToken) is { } content) return content;
        try
        {
            await using var found = await store.GetAsync(key, null, cancellationToken);
            if (found is null || found.Length > PictureKeeper.MaxBytes) return null;
            var bytes = new byte[found.Length];
            await found.Content.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        catch (ObjectStoreException outage)
        {
            // Without it, people and places would change: the work waits.
            throw new ProblemException(ErrorCodes.StorageUnavailable, "The picture that a frame is to keep to cannot be read at present.", inner: outage);
        }
    }

    private async Task<Anchor?> ReadAsync(ObjectKey key, bool isReference, CancellationToken cancellationToken)
    {
        var type = key.Extension switch { "png" => "image/png", "jpg" => "image/jpeg", "webp" => "image/webp", _ => null };
        if (type is null || await BytesAsync(key, cancellationToken) is not { } bytes) return null;
        return new Anchor(bytes, type, key.Extension!, Convert.ToHexStringLower(SHA256.HashData(bytes)), isReference);
    }
}
