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
        using var turn = WaitForTurn(file + ".lock");
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

    /// <summary>The lock's file stays: who removes it may remove one that another has just locked.</summary>
    private static FileStream WaitForTurn(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 100 && File.Exists(path))
            {
                Thread.Sleep(50);
            }
        }
    }

    private sealed record Content(IReadOnlyList<ApiKeyEntry>? ApiKeys);
}
