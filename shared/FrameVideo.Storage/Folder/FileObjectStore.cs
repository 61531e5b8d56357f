using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FrameVideo.Contracts;
using Microsoft.Extensions.Options;

namespace FrameVideo.Storage;

/// <summary>Keeps objects as files in a folder, under escaped names (<see cref="FileNames"/>), for one machine or a shared disk.</summary>
/// <remarks>
/// A put, step by step:
/// <list type="number">
/// <item>the store's own file <c>.framevideo</c> must lie in the folder: an unmounted disk is no empty store;</item>
/// <item>the bytes go to a temporary file below <c>.tmp</c>, on the same file system, hashed on the way and compared with what was spooled;</item>
/// <item>they are made durable;</item>
/// <item>the file takes its name by a hard link, which exactly one of many gets (<see cref="Disk.TryPublish"/>);</item>
/// <item>the folders' entries are made durable, and the temporary name goes.</item>
/// </list>
/// A process that dies on the way leaves a temporary file or a whole object, nothing else; the next start sweeps.
/// </remarks>
public sealed class FileObjectStore(IOptions<FileObjectStoreOptions> options, LinkTokens tokens, TimeProvider clock) : IObjectStore, IDisposable
{
    /// <summary>The path under which the services serve the objects of this store.</summary>
    private const string Served = "/v1/objects/";

    /// <summary>What stands in a path as it is (RFC 3986, section 2.3), and the slash.</summary>
    private static readonly SearchValues<char> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/");

    private readonly KeptLinks _links = new();
    private readonly StoreFolder _folder = new(options.Value.Folder);

    /// <summary>Off only in the tests of disks without hard links.</summary>
    internal bool HardLinks { get; init; } = true;

    /// <inheritdoc/>
    public async Task<PutOutcome> PutAsync(ObjectKey key, SpooledFile file, CancellationToken cancellationToken)
    {
        Named(key.IsEmpty);
        ArgumentNullException.ThrowIfNull(file);

        // Opened out here: a spooled file that is gone is the caller's fault and no outage.
        await using var source = file.OpenRead();
        return await _folder.Run(key.ToString(), () => Put(key, file, source, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task ReplaceAsync(ObjectKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Named(key.IsEmpty);
        if (!key.IsRewritten) throw new ArgumentException($"{key} is never rewritten.", nameof(key));
        return _folder.Run(key.ToString(), () => Replace(key, content), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredObject?> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        Named(key.IsEmpty);
        return _folder.Run(key.ToString(), () => Get(key, range), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectEntry> ListAsync(ObjectPrefix prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Named(prefix.IsEmpty);
        var start = new FolderWalk.Found(prefix.ToString(), _folder.PathOf(prefix.ToString()), null);
        var pending = new Stack<FolderWalk.Found>([start]);
        while (pending.TryPop(out var next))
        {
            if (next.Entry is { } entry) yield return entry;
            else (await _folder.Run(next.Text, () => FolderWalk.ReadFolder(next), cancellationToken))?.ForEach(pending.Push);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UserId> ListUsersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var user in await _folder.Run("the users", () => FolderWalk.Users(options.Value.Folder), cancellationToken)) yield return user;
    }

    /// <inheritdoc/>
    public ObjectKey? KeyOf(string url) => KeyRoot.FindKey(url, [KeyRoot.Of(options.Value.PublicUrl.TrimEnd('/') + Served), new KeyRoot("", Served)]);

    /// <inheritdoc/>
    public Link Link(ObjectKey key)
    {
        Named(key.IsEmpty);
        var now = clock.GetUtcNow().UtcTicks;
        if (_links.TryGet(key, now, out var kept)) return kept;

        // Time is cut in windows of half a life, shifted by key so that not all links end at once: every process gives the same link within a window.
        var text = key.ToString();
        var half = LinkLife.Of(key, options.Value.LinkLifetime).Ticks / 2;
        var shift = (long)(Spread(text) % (ulong)half);
        var expires = new DateTimeOffset(now - ((now + shift) % half) + (2 * half), TimeSpan.Zero);
        var until = expires.UtcTicks - half;
        expires = expires.AddTicks(-(expires.Ticks % TimeSpan.TicksPerSecond));
        var path = text.AsSpan().ContainsAnyExcept(Unreserved) ? Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal) : text;
        var link = new Link($"{options.Value.PublicUrl.TrimEnd('/')}{Served}{path}?token={tokens.Sign(key.UserId, LinkTokens.ResourceOf(key), expires)}", expires);
        _links.Keep(key, link, now, until);
        return link;
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Named(key.IsEmpty);
        return _folder.Run(key.ToString(), () => _folder.Remove(_folder.PathOf(key.ToString()), File.Move, File.Delete), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> DeleteAsync(ObjectPrefix prefix, CancellationToken cancellationToken)
    {
        Named(prefix.IsEmpty);
        return _folder.Run(prefix.ToString(), () => RemoveFolder(prefix), cancellationToken);
    }

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) => _folder.Run("a probe", WriteAndForget, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private PutOutcome Put(ObjectKey key, SpooledFile file, FileStream source, CancellationToken cancellationToken)
    {
        var target = _folder.PathOf(key.ToString());
        if (Compare(target, file) is { } early) return early;
        var temporary = _folder.NewPath();
        try
        {
            CopyChecked(source, file, temporary, cancellationToken);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_folder.InFolder(target, () => Disk.TryPublish(temporary, target, _folder.PublishLock, HardLinks))) return PutOutcome.Stored;

                // Null: whoever had the name has been deleted since, so it is free again.
                if (Compare(target, file) is { } outcome) return outcome;
            }
        }
        finally
        {
            Scratch.Remove(temporary);
        }
    }

    private bool Replace(ObjectKey key, ReadOnlyMemory<byte> content)
    {
        var target = _folder.PathOf(key.ToString());
        var temporary = _folder.NewPath();
        try
        {
            using (var to = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                RandomAccess.Write(to, content.Span, 0);
                RandomAccess.FlushToDisk(to);
            }

            return _folder.InFolder(target, () =>
            {
                File.Move(temporary, target, overwrite: true);
                return true;
            });
        }
        finally
        {
            Scratch.Remove(temporary);
        }
    }

    private StoredObject? Get(ObjectKey key, ByteRange? range)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(_folder.PathOf(key.ToString()), new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous });
            var total = file.Length;
            var (offset, length) = (range ?? default).Within(total);
            file.Position = offset;
            return new StoredObject(new PartStream(file, length), offset, length, total, new DateTimeOffset(File.GetLastWriteTimeUtc(file.SafeFileHandle), TimeSpan.Zero));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    private int RemoveFolder(ObjectPrefix prefix)
    {
        var count = 0;
        _folder.Remove(_folder.PathOf(prefix.ToString()), Directory.Move, moved =>
        {
            count = FolderWalk.Count(new FolderWalk.Found(prefix.ToString(), moved, null));
            Directory.Delete(moved, recursive: true);
        });
        return count;
    }

    /// <summary>Finds out whether the disk can be written, and is not full, too.</summary>
    private bool WriteAndForget()
    {
        var path = _folder.NewPath();
        File.WriteAllText(path, "probe");
        File.Delete(path);
        return true;
    }

    /// <summary>Copies what was spooled, and sees that it is still what it was then.</summary>
    private static void CopyChecked(FileStream source, SpooledFile file, string temporary, CancellationToken cancellationToken)
    {
        using var to = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        long length = 0;
        for (int read; (read = source.Read(buffer)) > 0; length += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RandomAccess.Write(to, buffer.AsSpan(0, read), length);
            hash.AppendData(buffer, 0, read);
        }

        if (length != file.Length || Convert.ToHexStringLower(hash.GetCurrentHash()) != file.Sha256)
            throw new InvalidDataException("The spooled file is no longer what was hashed.");
        RandomAccess.FlushToDisk(to);
    }

    /// <summary>Compares what lies under a name with what was spooled; null where nothing lies there.</summary>
    private PutOutcome? Compare(string target, SpooledFile file)
    {
        try
        {
            using var there = new FileStream(target, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
            if (there.Length != file.Length || Convert.ToHexStringLower(SHA256.HashData(there)) != file.Sha256) return PutOutcome.Conflict;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        // Who put it may not have come so far yet, and this answer promises that it stays.
        _folder.FlushAbove(target);
        return PutOutcome.Same;
    }

    /// <summary>FNV-1a (Fowler, Noll and Vo), 64 bits: the same in every process, and nobody's secret.</summary>
    private static ulong Spread(string text)
    {
        var hash = 0xcbf29ce484222325UL;
        foreach (var character in text) hash = unchecked((hash ^ character) * 0x100000001b3UL);
        return hash;
    }

    private static void Named(bool isEmpty)
    {
        if (isEmpty) throw new ArgumentException("The default value names no object.");
    }
}
