using FrameService.Frames.Cleaning;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using FrameVideo.Telemetry;

namespace FrameService.Frames;

/// <summary>A picture that is safe: in the object store, or in hand to be parked with the row that names it.</summary>
/// <param name="Key">Its name in the store, also while it is parked.</param>
/// <param name="Sha256">64 lower-case hex digits.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Header">Type and size in pixels.</param>
/// <param name="Parked">The bytes, where the store has refused them; written in the frame's own transaction.</param>
/// <param name="WasThere">It lay in the store before, and may be an orphan until a row points at it.</param>
internal sealed record KeptPicture(ObjectKey Key, string Sha256, long Bytes, PictureHeader Header, byte[]? Parked, bool WasThere = false)
{
    public bool IsParked => Parked is not null;
}

/// <summary>
/// The way of every picture, whoever made it: spool, check the header, clean (<see cref="CleanPicture"/>), put into the store the moment it exists; and where the store refuses, keep the
/// bytes for parking, so that nothing is lost.
/// </summary>
internal sealed partial class PictureKeeper(Spool spool, CleanPicture clean, IObjectStore store, ParkedTable parked, PublicLinks links, FrameMetrics metrics, TimeProvider clock, ILogger<PictureKeeper> logger)
{
    /// <summary>A frame has at most 25 MiB.</summary>
    public const long MaxBytes = BodyLimits.Picture;

    /// <summary>Keeps a frame's picture from a stream.</summary>
    /// <param name="session">Whose frame it is.</param>
    /// <param name="number">The frame's number.</param>
    /// <param name="content">The picture.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <param name="beforePut">Done once the picture is known to be one, before anything lies in the store.</param>
    /// <exception cref="ProblemException">The picture is too large or no picture, or nothing more can be parked.</exception>
    public async Task<KeptPicture> KeepFrameAsync(SessionKey session, int number, Stream content, CancellationToken cancellationToken, Func<Task>? beforePut = null)
    {
        using var file = await spool.WriteAsync(content, MaxBytes, cancellationToken);
        return await KeepAsync(file, (kept, header) => ObjectKeys.Frame(session.UserId, session.RequestId, number, kept.Sha256, header.Extension), number, beforePut, cancellationToken);
    }

    /// <summary>Keeps a picture that a person brought, under its own name.</summary>
    /// <inheritdoc cref="KeepFrameAsync"/>
    public async Task<KeptPicture> KeepUploadAsync(SessionKey session, string? fileName, Stream content, CancellationToken cancellationToken)
    {
        using var file = await spool.WriteAsync(content, MaxBytes, cancellationToken);
        return await KeepAsync(file, (kept, header) => ObjectKeys.Upload(session.UserId, session.RequestId, fileName, kept.Sha256, header.Extension), 0, beforePut: null, cancellationToken);
    }

    /// <summary>Reads the facts of a picture that lies in the store already; null where it does not.</summary>
    public async Task<KeptPicture?> FindAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        await using var found = await store.GetAsync(key, null, cancellationToken);
        if (found is null) return null;
        using var file = await spool.WriteAsync(found.Content, MaxBytes, cancellationToken);
        return new KeptPicture(key, file.Sha256, file.Length, PictureHeader.Read(file.Path), null, WasThere: true);
    }

    private async Task<KeptPicture> KeepAsync(SpooledFile brought, Func<SpooledFile, PictureHeader, ObjectKey> name, int number, Func<Task>? beforePut, CancellationToken cancellationToken)
    {
        var header = PictureHeader.Read(brought.Path);
        using var cleaned = await clean.RunAsync(brought, header, MaxBytes, cancellationToken);
        if (cleaned is not null) header = PictureHeader.Read(cleaned.Path);
        var file = cleaned ?? brought;
        var key = name(file, header);
        if (beforePut is not null) await beforePut();
        Uploading(number);
        using var span = Tracing.Begin("frame upload")?.SetTag(Tracing.RequestId, key.RequestId.ToString()).SetTag(Tracing.Frame, number);
        var (began, kept) = (clock.GetTimestamp(), "failed");
        try
        {
            var outcome = await store.PutAsync(key, file, cancellationToken);
            if (outcome == PutOutcome.Conflict) throw new InvalidOperationException($"Other bytes lie under {key}, whose name is a hash of its own.");
            kept = outcome == PutOutcome.Same ? "same" : "stored";
            Uploaded(number, links.To(ObjectEndpoints.Path + key));
            return new KeptPicture(key, file.Sha256, file.Length, header, null, WasThere: outcome == PutOutcome.Same);
        }
        catch (ObjectStoreException exception)
        {
            // A refusal for lack of rights is an operator's mistake: the picture is as precious as in an outage.
            await parked.RequireRoomAsync(key.UserId, file.Length, cancellationToken);
            Parking(number, exception.Message);
            var bytes = await File.ReadAllBytesAsync(file.Path, cancellationToken);
            kept = "parked";
            return new KeptPicture(key, file.Sha256, file.Length, header, bytes);
        }
        finally
        {
            span?.SetTag(Tracing.Outcome, kept);
            metrics.Kept(kept, clock.GetElapsedTime(began));
        }
    }

    [LoggerMessage(LogLevel.Information, "Uploading frame {Frame} to S3 immediately...")]
    private partial void Uploading(int frame);

    [LoggerMessage(LogLevel.Information, "Frame {Frame} uploaded to S3 successfully: {Url}")]
    private partial void Uploaded(int frame, string url);

    [LoggerMessage(LogLevel.Warning, "Frame {Frame} was refused by S3 and stays with the service until S3 takes it: {Reason}")]
    private partial void Parking(int frame, string reason);
}
