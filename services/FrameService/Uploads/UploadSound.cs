using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace FrameService.Uploads;

/// <summary>Puts a sound under a request ID, known or not, for films of it. While the store is away none is taken: unlike a frame, nothing hangs on it yet.</summary>
internal sealed partial class UploadSound(ReadSession read, OpenDraft drafts, Spool spool, IObjectStore store, ILogger<UploadSound> logger)
{
    /// <summary>Stores a sound. True beside it means that these bytes were not there under this name before.</summary>
    /// <exception cref="ProblemException">unsupported-audio, or session-deleted.</exception>
    public async Task<(Upload Sound, bool IsNew)> RunAsync(SessionKey session, string name, Stream content, CancellationToken cancellationToken)
    {
        // The look comes first: a deleted session takes nothing.
        await read.FindAsync(session, cancellationToken);
        using var file = await spool.WriteAsync(content, BodyLimits.Sound, cancellationToken);
        var key = ObjectKeys.Upload(session.UserId, session.RequestId, name, file.Sha256, SoundHeader.Read(file.Path));
        var outcome = await store.PutAsync(key, file, cancellationToken);
        if (outcome == PutOutcome.Conflict) throw new InvalidOperationException($"Other bytes lie under {key}, whose name is a hash of its own.");
        await drafts.RunAsync(session, _ => Task.CompletedTask, cancellationToken);
        Stored(key, file.Length);
        return (new Upload("upload", session.RequestId, key, store.Link(key).Url, key.ContentType, file.Length, file.Sha256), outcome == PutOutcome.Stored);
    }

    [LoggerMessage(LogLevel.Information, "Sound stored: {Key}, {Bytes} bytes")]
    private partial void Stored(ObjectKey key, long bytes);
}
