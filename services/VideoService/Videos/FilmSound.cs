using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>
/// A film's sound, from the store to the film. It is looked at when the film is asked for, as far as the store answers, and pinned by its key, whose hash no other bytes have; the render reads it again.
/// </summary>
internal sealed class FilmSound(IObjectStore store, Spool spool, FilmRenderer renderer, EncoderGate gate, RenderMetrics metrics) : IDisposable
{
    /// <summary>Looks at a time: each is a child process, beside those that render.</summary>
    private readonly SemaphoreSlim _looks = new(2);

    /// <summary>Checks that the sound is the caller's and of this request ID; its key says that.</summary>
    /// <exception cref="ProblemException">foreign-object, or request-id-mismatch.</exception>
    public static void RequireOwn(AudioSettings? asked, RequestId requestId, UserId user)
    {
        if (asked is null) return;
        if (asked.ObjectKey.UserId != user) throw Refused(ErrorCodes.ForeignObject, "The sound belongs to another user.");
        if (asked.ObjectKey.RequestId != requestId) throw Refused(ErrorCodes.RequestIdMismatch, $"The sound belongs to {asked.ObjectKey.RequestId}; bring it to {requestId}, too.");
    }

    /// <summary>Checks that the sound is there and can be heard, as far as the store answers.</summary>
    /// <exception cref="ProblemException">It is not.</exception>
    public async Task<AudioSettings?> PinAsync(AudioSettings? asked, CancellationToken cancellationToken)
    {
        if (asked is null) return null;
        try
        {
            await using var found = await store.GetAsync(asked.ObjectKey, null, cancellationToken) ?? throw Refused(ErrorCodes.ObjectNotFound, "There is no such sound in the store.");
            // What was looked at before is the same still.
            if (asked.Sha256 is not null) return asked;
            using var file = await spool.WriteAsync(found.Content, WireLimits.MaxSoundBytes, cancellationToken);
            if (!IsPinned(asked, file.Sha256)) throw Refused(ErrorCodes.AudioUnreadable, "The sound in the store is not the one that was brought.");
            await LookAsync(file.Path, asked, cancellationToken);
            return asked with { Sha256 = file.Sha256 };
        }
        catch (Exception outage) when (outage is ObjectStoreException or EncoderMissingException)
        {
            // Films are asked for while the store is away, and the encoder may be on other machines alone: the render looks.
            return asked;
        }
        catch (SpoolTooLargeException large)
        {
            throw Refused(ErrorCodes.AudioUnreadable, "The sound in the store is larger than any that is taken.", large);
        }
    }

    /// <summary>Makes the film's sound in the attempt's folder; null for a film without.</summary>
    /// <exception cref="SoundException">It is gone, or cannot be decoded.</exception>
    public async Task<string?> MakeAsync(VideoRow row, FilmPlan plan, RenderFolder folder, Ownership owner)
    {
        if (row.Asked.Audio is not { } audio) return null;
        // One that was parked is whole, as pieces are; the film lasts as long whatever frames it goes without.
        if (File.Exists(folder.Soundtrack)) return folder.Soundtrack;
        var path = folder.Sound(audio.ObjectKey);
        await metrics.TimeAsync("sound", number: null, async () =>
        {
            await FetchAsync(audio, path, owner);
            var sound = new SoundPlan(audio.ObjectKey.Extension!, audio.Start, audio.Loop, audio.FadeIn, audio.FadeOut, audio.Normalize, audio.Gain);
            await gate.RunAsync(() => renderer.MakeSoundAsync(sound, plan, path, $"{folder.Soundtrack}.part", owner.Token), owner.Token);
        });
        File.Delete(path);
        File.Move($"{folder.Soundtrack}.part", folder.Soundtrack, overwrite: true);
        return folder.Soundtrack;
    }

    /// <inheritdoc/>
    public void Dispose() => _looks.Dispose();

    private async Task FetchAsync(AudioSettings audio, string path, Ownership owner)
    {
        await using (var found = await store.GetAsync(audio.ObjectKey, range: null, owner.Token) ?? throw new SoundException(ErrorCodes.AudioMissing, "The film's sound is no longer in the store."))
        {
            owner.StoreAnswered();
            if (found.TotalLength > WireLimits.MaxSoundBytes) throw new SoundException(ErrorCodes.AudioUnreadable, "The sound in the store is larger than any that is taken.");
            await using var file = File.Create(path);
            await found.Content.CopyToAsync(file, owner.Token);
        }

        if (!IsPinned(audio, (await FinishedFile.SpoolAsync(path, owner.Token)).Sha256)) throw new SoundException(ErrorCodes.AudioUnreadable, "The sound in the store is not the one that was brought.");
    }

    private async Task LookAsync(string path, AudioSettings audio, CancellationToken cancellationToken)
    {
        await _looks.WaitAsync(cancellationToken);
        try
        {
            await renderer.CheckSoundAsync(path, audio.ObjectKey.Extension!, audio.Start, cancellationToken);
        }
        catch (SoundException unusable)
        {
            throw Refused(unusable.Code, unusable.Message, unusable);
        }
        finally
        {
            _looks.Release();
        }
    }

    private static bool IsPinned(AudioSettings audio, string sha256) => audio.Sha256 is { } pinned ? pinned == sha256 : sha256.StartsWith(audio.ObjectKey.Hash!, StringComparison.Ordinal);

    private static ProblemException Refused(ErrorCode code, string message, Exception? inner = null) =>
        new(code, message, new Dictionary<string, string[]>(StringComparer.Ordinal) { ["audio.objectKey"] = [message] }, inner);
}
