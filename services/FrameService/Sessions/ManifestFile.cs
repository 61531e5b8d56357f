using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Storage;

namespace FrameService.Sessions;

/// <summary>Reads a session's <c>manifest.json</c>, which is as untrusted as any file.</summary>
internal static class ManifestFile
{
    /// <summary>The manifest and when it was written; null where there is none. Keys in it that are not the session's own are passed over.</summary>
    /// <exception cref="JsonException">It is damaged, too large, or of another session.</exception>
    public static async Task<(Manifest? Manifest, DateTimeOffset Written)> ReadAsync(IObjectStore store, SessionKey key, CancellationToken cancellationToken)
    {
        await using var found = await store.GetAsync(ObjectKeys.Manifest(key.UserId, key.RequestId), null, cancellationToken);
        if (found is null) return default;
        if (found.TotalLength > Manifest.MaxBytes) throw new JsonException("It is too large.");
        try
        {
            var manifest = await JsonSerializer.DeserializeAsync<Manifest>(found.Content, WireJson.Options, cancellationToken);
            if (manifest is not { Frames: not null } || manifest.RequestId != key.RequestId || manifest.UserId != key.UserId) throw new JsonException("It is of another session.");
            return (manifest with { Frames = [.. manifest.Frames.Where(frame => frame is { Number: >= 1 and <= Limits.MaxFrames }).Select(frame => frame.Within(key)).DistinctBy(frame => frame.Number)] }, found.LastModified);
        }
        catch (InvalidDataException damaged)
        {
            throw new JsonException("It has other bytes than were put.", damaged);
        }
    }

    /// <summary>The pictures that the manifest names; none where there is no manifest.</summary>
    /// <exception cref="JsonException">It is damaged, too large, or of another session.</exception>
    public static async Task<HashSet<ObjectKey>> NamedAsync(IObjectStore store, SessionKey key, CancellationToken cancellationToken)
    {
        var (manifest, _) = await ReadAsync(store, key, cancellationToken);
        return [.. (manifest?.Frames ?? []).Where(frame => frame.ObjectKey is not null).Select(frame => frame.ObjectKey!.Value)];
    }
}
