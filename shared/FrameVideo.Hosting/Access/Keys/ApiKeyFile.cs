using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FrameVideo.Hosting;

/// <summary>The file of keys: read whole or not at all, and written so that a reader sees the former list or the new one.</summary>
internal static class ApiKeyFile
{
    private const long MaxBytes = 16L * 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An entry as the file has it.</summary>
    public static string Write(ApiKeyEntry entry) => JsonSerializer.Serialize(entry, Json);

    /// <summary>Reads the list.</summary>
    /// <exception cref="InvalidDataException">It is not there, cannot be read, or is not of the form.</exception>
    public static IReadOnlyList<ApiKeyEntry> Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaxBytes) throw new InvalidDataException($"The key file {path} is larger than {MaxBytes / (1024 * 1024)} MiB.");
            var content = JsonSerializer.Deserialize<Content>(stream, Json);
            return content?.ApiKeys is { } entries && !entries.Contains(null!) ? entries : throw new JsonException("apiKeys is a list of entries.");
        }
        catch (JsonException mistake)
        {
            throw new InvalidDataException($$"""The key file {{path}} is not of the form {"apiKeys": [...]}: {{mistake.Message}}""", mistake);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The key file {path} cannot be read: {failure.Message} The command 'keys new --append {path}' makes one.", failure);
        }
    }

    /// <summary>Adds an entry. A file that is not there yet is made, for its user alone (0600); two commands at once both find room.</summary>
    public static void Append(string path, ApiKeyEntry entry)
    {
        var file = Path.GetFullPath(path);
        // A link, such as those of mounted secrets, stays one: what it leads to is replaced.
        if (File.Exists(file)) file = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
        var folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        using var turn = Turn.Wait(file + ".lock");
        IReadOnlyList<ApiKeyEntry> entries = File.Exists(file) ? [.. Read(file), entry] : [entry];
        ApiKeyRing.Check(entries, file);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(file)}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = File.Exists(file) ? File.GetUnixFileMode(file) : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                JsonSerializer.Serialize(stream, new Content(entries), Json);
                stream.WriteByte((byte)'\n');
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private sealed record Content(IReadOnlyList<ApiKeyEntry>? ApiKeys);

    /// <summary>The time for which one command alone may write, by a locked file that goes with it.</summary>
    private sealed class Turn(FileStream locked, string path) : IDisposable
    {
        private const int Attempts = 100;
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

        public static Turn Wait(string path)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    var locked = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                    if (IsThere(locked, path)) return new Turn(locked, path);
                    locked.Dispose();
                }
                catch (IOException failure) when (failure is not (DirectoryNotFoundException or PathTooLongException) && attempt < Attempts)
                {
                    // Another's turn.
                    Thread.Sleep(Pause);
                }
            }
        }

        public void Dispose()
        {
            // Windows removes no file that is open; there it stays.
            if (!OperatingSystem.IsWindows()) File.Delete(path);
            locked.Dispose();
        }

        /// <summary>
        /// Whoever waited for the former turn may hold the lock of a file that has been removed since, while somebody else makes one anew. What is locked is therefore marked by its length, and looked
        /// at under its name.
        /// </summary>
        private static bool IsThere(FileStream locked, string path)
        {
            locked.SetLength(RandomNumberGenerator.GetInt32(1, 1 << 24));
            return new FileInfo(path) is { Exists: true } found && found.Length == locked.Length;
        }
    }
}
