using System.Security.Cryptography;

namespace FrameVideo.Storage;

/// <summary>The key that both services share, in a file that whoever comes first makes.</summary>
internal static class LinkKeyFile
{
    private const int Length = 32;

    /// <summary>Reads the key, or makes it. Two processes at once get the same one.</summary>
    public static byte[] ReadOrCreate(string path)
    {
        var file = Path.GetFullPath(path);
        if (!File.Exists(file)) Create(file);
        var key = File.ReadAllBytes(file);
        return key.Length >= Length ? key : throw new InvalidDataException($"The link key {file} has {key.Length} bytes; {Length} or more are needed.");
    }

    private static void Create(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        var temporary = $"{file}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(RandomNumberGenerator.GetBytes(Length));
                stream.Flush(flushToDisk: true);
            }

            // Whole under its name or not there: nobody reads half a key, and nobody replaces one.
            Disk.TryPublish(temporary, file, $"{file}.lock");
            Disk.FlushFolder(folder);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
