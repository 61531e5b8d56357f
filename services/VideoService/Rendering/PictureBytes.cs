using System.Security.Cryptography;
using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>Reads a stored picture whole and holds it to its hash.</summary>
internal static class PictureBytes
{
    /// <summary>The bytes of a frame's picture.</summary>
    /// <exception cref="PictureException">They are too many, or not those that were saved; names the frame.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, int number, string sha256, long maxBytes, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > maxBytes)
                throw new PictureException(ErrorCodes.FrameCorrupt, $"The picture of frame {number} is larger than any that is saved.", number);
            bytes.Write(buffer, 0, read);
        }
        var whole = bytes.ToArray();
        if (Convert.ToHexStringLower(SHA256.HashData(whole)) != sha256)
            throw new PictureException(ErrorCodes.FrameCorrupt, $"The picture of frame {number} is not the one that was saved.", number);
        return whole;
    }
}
