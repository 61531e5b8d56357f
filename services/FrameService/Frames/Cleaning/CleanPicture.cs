using System.IO.Pipelines;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using SkiaSharp;

namespace FrameService.Frames.Cleaning;

/// <summary>
/// What people bring, as it is stored: upright, in sRGB, and without what a camera or a program has noted beside the picture (EXIF with the place where it was taken, XMP, IPTC, comments, thumbnails).
/// 1. The file is taken apart, without being decoded. Where there is nothing to leave out and nothing to turn, it stays as it came, byte for byte.
/// 2. Where only notes go, the rest is written as it is; no pixel changes.
/// 3. Where it is to be turned, or has other colours, it is decoded and encoded in the same format.
/// 4. Where that cannot be done (it breaks off, it moves, it is or would grow too large), its pixels, its profile and its orientation stay, and the notes go.
/// The same bytes always give the same.
/// </summary>
internal sealed class CleanPicture(Spool spool) : IDisposable
{
    /// <summary>Pictures above this are painted one at a time.</summary>
    private const long Large = Repaint.Fine;

    /// <summary>And above this not at all: pixels and encoder fill 350 MB with the largest camera of a phone, and would fill a gigabyte with the largest picture that is taken.</summary>
    private const long Largest = 52_000_000;
    private readonly SemaphoreSlim _large = new(1);
    private readonly SemaphoreSlim _small = new(Environment.ProcessorCount);

    /// <summary>The file to be stored instead; null where it stays as it came.</summary>
    /// <param name="file">The picture as it came, whose header was checked.</param>
    /// <param name="header">Its header.</param>
    /// <param name="maxBytes">What the result may have.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ObjectStoreUnavailableException">The disk is full.</exception>
    /// <exception cref="ProblemException">image-unreadable: it is in more parts or scans than any picture.</exception>
    public async Task<SpooledFile?> RunAsync(SpooledFile file, PictureHeader header, long maxBytes, CancellationToken cancellationToken)
    {
        var parts = Read(file.Path, header);
        if (IsToBeRepainted(parts) && !parts.IsAnimated && (long)header.Width * header.Height <= Largest && await RepaintAsync(file, header, parts, maxBytes, cancellationToken) is { } painted) return painted;
        if (!parts.IsChanged) return null;
        await using var source = new PartsStream(Open(file.Path), WebpParts.WithHead(parts.Cleaned()));
        return await spool.WriteAsync(source, long.MaxValue - 1, cancellationToken);
    }

    public void Dispose()
    {
        _large.Dispose();
        _small.Dispose();
    }

    private static PictureParts Read(string path, PictureHeader header)
    {
        using var file = Open(path);
        return header.ContentType switch
        {
            "image/png" => PngParts.Read(file),
            "image/jpeg" => JpegParts.Read(file),
            _ => WebpParts.Read(file),
        };
    }

    private static bool IsToBeRepainted(PictureParts parts)
    {
        if (parts.Orientation != 1 || parts.IsInk) return true;
        if (parts.Profile is not { } profile) return false;
        // One that is no matrix of three curves makes no colour space, and is for the decoder.
        using var read = profile.Length > 0 ? SKColorSpaceIccProfile.Create(profile) : null;
        using var space = read is null ? null : SKColorSpace.CreateIcc(read);
        return space is not { IsSrgb: true };
    }

    private async Task<SpooledFile?> RepaintAsync(SpooledFile file, PictureHeader header, PictureParts parts, long maxBytes, CancellationToken cancellationToken)
    {
        var gate = (long)header.Width * header.Height > Large ? _large : _small;
        await gate.WaitAsync(cancellationToken);
        try
        {
            using var bitmap = await Task.Run(() => Repaint.Decode(file.Path, parts.Orientation), cancellationToken);
            return bitmap is null ? null : await EncodeAsync(bitmap, header, parts, maxBytes, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<SpooledFile?> EncodeAsync(SKBitmap bitmap, PictureHeader header, PictureParts parts, long maxBytes, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        var encoding = Task.Run(
            () =>
            {
                var isWhole = false;
                try
                {
                    using var target = pipe.Writer.AsStream(leaveOpen: true);
                    isWhole = Repaint.Encode(bitmap, header.ContentType, parts.IsLossless, target);
                }
                finally
                {
                    pipe.Writer.Complete();
                }

                return isWhole;
            },
            CancellationToken.None);
        SpooledFile? painted = null;
        try
        {
            await using var source = pipe.Reader.AsStream();
            painted = await spool.WriteAsync(source, maxBytes, cancellationToken);
        }
        catch (SpoolTooLargeException)
        {
            // It stays as it came, but for the notes.
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
            // The pixels are in use until the encoder has ended, whatever became of what it writes.
            if (!await encoding)
            {
                painted?.Dispose();
                painted = null;
            }
        }

        return painted;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, useAsync: false);
}
