using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace FrameService.Frames;

/// <summary>Takes the picture to which the frames of a generation are to keep: a data URL, a link of ours to any picture of the caller, or a URL that anybody can read. It is stored among the uploads of the request ID.</summary>
internal sealed class ReferencePicture(PictureKeeper keeper, PublicUrlPicture fetched, PublicLinks links, SessionTable sessions, FrameTable frames, FramePictures pictures, ParkedTable parked, IObjectStore store, DeletionTable deletions)
{
    /// <summary>The field of the request.</summary>
    public const string Field = "referenceImage";

    private const string Name = "reference";

    /// <summary>What can be said of it before anything is fetched or kept.</summary>
    public static void Check(Limits limits, string? url)
    {
        if (url is null) return;
        if (string.IsNullOrWhiteSpace(url)) limits.Fail(Field, "referenceImage is a link or a data URL; without one, leave it out.");
        else if (url.Length > WireLimits.MaxUrl && !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) limits.Fail(Field, $"referenceImage is a link of at most {WireLimits.MaxUrl} characters, or a data URL.");
    }

    /// <summary>Keeps the picture; where the store refuses it, its bytes are to be parked with the session's row.</summary>
    /// <exception cref="ProblemException">There is no such picture, it is another user's, or it is refused.</exception>
    public async Task<KeptPicture> KeepAsync(SessionKey session, string url, CancellationToken cancellationToken)
    {
        try
        {
            if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return await KeepAsync(session, DataUrl.Decode(url), cancellationToken);
            return links.IsOurs(url)
                ? await KeepAsync(session, await ReadAsync(session.UserId, url, cancellationToken), cancellationToken)
                : await fetched.TakeAsync(url, content => keeper.KeepUploadAsync(session, Name, content, cancellationToken), cancellationToken);
        }
        catch (ProblemException problem) when (problem.Errors is null)
        {
            throw new ProblemException(problem.Code, problem.Message, new Dictionary<string, string[]>(StringComparer.Ordinal) { [Field] = [problem.Message] }, problem);
        }
    }

    /// <summary>Parks it where the store has refused it, in the transaction that writes the session's row.</summary>
    public Task ParkAsync(System.Data.Common.DbTransaction transaction, SessionKey session, KeptPicture picture) =>
        picture.Parked is { Length: > 0 } content ? parked.ParkAsync(transaction, session, picture.Key, content) : Task.CompletedTask;

    /// <summary>The session was not taken on: what was put for it goes, as far as the store answers.</summary>
    public async Task DropAsync(SessionKey session, KeptPicture picture)
    {
        // Somebody else may have begun it under the same ID with the same picture.
        if (picture is { WasThere: false, IsParked: false } && (await sessions.FindAsync(session, CancellationToken.None))?.ReferenceKey != picture.Key)
        {
            try
            {
                await store.DeleteAsync(picture.Key, CancellationToken.None);
            }
            catch (ObjectStoreException)
            {
                // It lies under an ID of the caller's, and goes with that.
            }
        }

        await deletions.ReopenAsync(session);
    }

    private async Task<KeptPicture> KeepAsync(SessionKey session, byte[] bytes, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(bytes, writable: false);
        return await keeper.KeepUploadAsync(session, Name, content, cancellationToken);
    }

    private async Task<byte[]> ReadAsync(UserId user, string url, CancellationToken cancellationToken)
    {
        if (FrameOf(url) is var (request, number))
        {
            // The caller's own by that name; another's is none.
            var row = await frames.FindAsync(new SessionKey(user, request), number, cancellationToken);
            return row is { HasPicture: true } ? await pictures.ReadAsync(row, cancellationToken) : throw Missing();
        }

        var key = links.KeyOf(url) ?? throw new ProblemException(ErrorCodes.UrlRefused, "The link is ours, but names no picture.");
        if (key.UserId != user) throw new ProblemException(ErrorCodes.ForeignObject, "The link's picture belongs to another user.");
        if (key.Kind is not (ObjectKind.Frame or ObjectKind.FormerFrame or ObjectKind.Upload)) throw new ProblemException(ErrorCodes.UrlRefused, "The link is ours, but names no picture.");
        if (await parked.ReadAsync(key, cancellationToken) is { } content) return content;
        await using var found = await store.GetAsync(key, null, cancellationToken) ?? throw Missing();
        if (found.Length > PictureKeeper.MaxBytes) throw new ProblemException(ErrorCodes.ImageTooLarge, $"The picture is larger than {PictureKeeper.MaxBytes / (1024 * 1024)} MiB.");
        var bytes = new byte[found.Length];
        await found.Content.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>The frame that a link to a frame of the API itself names, which is what inline frames have.</summary>
    private static (RequestId Request, int Number)? FrameOf(string url) =>
        url.Split('?')[0].Split('/') is [.., "v1", "sessions", var request, "frames", var number, "image"] && RequestId.TryParse(request, out var id) && int.TryParse(number, out var parsed) ? (id, parsed) : null;

    private static ProblemException Missing() => new(ErrorCodes.ObjectNotFound, "There is no such picture in the store.");
}
