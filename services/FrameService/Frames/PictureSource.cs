using System.Text;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Frames;

/// <summary>
/// Takes the picture that a saved frame points at: none given (the one that is there), a data URL, a link of ours (mapped back to its key), or a URL
/// that anybody can read (fetched through the guard).
/// </summary>
internal sealed class PictureSource(PictureKeeper keeper, PublicLinks links, PublicUrlPicture fetched)
{
    /// <summary>The frame's row with its picture; beside it the picture where it is new to the frame.</summary>
    /// <param name="session">The session that saves.</param>
    /// <param name="frame">What is saved.</param>
    /// <param name="index">Its place in the body, for errors.</param>
    /// <param name="known">The session's frames as they are.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    /// <exception cref="ProblemException">There is no such picture, it is another user's, or it is refused.</exception>
    public async Task<(FrameRow Row, KeptPicture? New)> TakeAsync(SessionKey session, SaveFrame frame, int index, IReadOnlyList<FrameRow> known, CancellationToken cancellationToken)
    {
        var present = known.FirstOrDefault(row => row.Number == frame.Number) ?? new FrameRow { UserId = session.UserId, RequestId = session.RequestId, Number = frame.Number };
        var field = $"frames[{index}].imageUrl";
        if (string.IsNullOrEmpty(frame.ImageUrl))
        {
            return present.HasPicture ? (present, null)
                : throw ProblemException.Field(field, $"Frame {frame.Number} has no picture: upload it first, or give its imageUrl.");
        }

        try
        {
            var picture = await FindAsync(session, frame, known, cancellationToken);
            return present.HasPicture && picture.Key == present.ObjectKey ? (present, null) : (present.With(picture, ProviderOf(picture, known), null, known.FirstOrDefault(row => row.ObjectKey == picture.Key)?.Seed), picture);
        }
        catch (ProblemException problem) when (problem.Errors is null)
        {
            throw new ProblemException(
                problem.Code, $"Frame {frame.Number}: {problem.Message}", new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [problem.Message] }, problem);
        }
    }

    private async Task<KeptPicture> FindAsync(SessionKey session, SaveFrame frame, IReadOnlyList<FrameRow> known, CancellationToken cancellationToken)
    {
        var url = frame.ImageUrl!;
        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            using var content = new MemoryStream(DataUrl.Decode(url), writable: false);
            return await keeper.KeepFrameAsync(session, frame.Number, content, cancellationToken);
        }

        if (!links.IsOurs(url)) return await fetched.TakeAsync(url, content => keeper.KeepFrameAsync(session, frame.Number, content, cancellationToken), cancellationToken);
        if (InlineFrame(url) is { } number)
        {
            // The same session's, or it would have been refused as a mismatch.
            var row = known.FirstOrDefault(row => row.Number == number && row.HasPicture) ?? throw new ProblemException(ErrorCodes.ObjectNotFound, "The link's frame has no picture.");
            return Facts(row);
        }

        var key = links.KeyOf(url) ?? throw new ProblemException(ErrorCodes.UrlRefused, "The link is ours, but names no picture.");
        if (key.UserId != session.UserId) throw new ProblemException(ErrorCodes.ForeignObject, "The link's picture belongs to another user.");
        // A URL that names two request IDs carries neither, but its key is of one.
        if (key.RequestId != session.RequestId) throw new ProblemException(ErrorCodes.RequestIdMismatch, $"The link's picture belongs to {key.RequestId}.");
        if (known.FirstOrDefault(row => row.HasPicture && row.ObjectKey == key) is { } same) return Facts(same);
        return await keeper.FindAsync(key, cancellationToken) ?? throw new ProblemException(ErrorCodes.ObjectNotFound, "There is no such picture in the store.");
    }

    /// <summary>The number in a link to a frame of the API itself, which is what inline frames have.</summary>
    private static int? InlineFrame(string url)
    {
        var path = url.Split('?')[0].Split('/');
        return path is [.., "v1", "sessions", _, "frames", var number, "image"] && int.TryParse(number, out var parsed) ? parsed : null;
    }

    /// <summary>A picture that another frame of the session has; if it is parked, it is parked under the same key already.</summary>
    private static KeptPicture Facts(FrameRow row) => new(
        row.ObjectKey!.Value, row.Sha256!, row.Bytes ?? 0, new PictureHeader(row.ContentType!, row.ObjectKey!.Value.Extension!, row.Width ?? 0, row.Height ?? 0), row.State == FrameStatus.Inline ? [] : null);

    private static string ProviderOf(KeptPicture picture, IReadOnlyList<FrameRow> known) =>
        known.FirstOrDefault(row => row.ObjectKey == picture.Key)?.Provider ?? "upload";
}

/// <summary>Pictures that travel inside of JSON.</summary>
internal static class DataUrl
{
    /// <summary>The bytes of <c>data:image/...;base64,...</c> or of bare base64.</summary>
    /// <exception cref="ProblemException">It is neither.</exception>
    public static byte[] Decode(string text)
    {
        var comma = text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? text.IndexOf(',', StringComparison.Ordinal) : -1;
        if (comma >= 0 && !text.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(ErrorCodes.UnsupportedImage, "A data URL of a picture is base64.");
        // Four characters are three bytes; the rest is room for the line breaks that some encoders make.
        if (text.Length - comma > PictureKeeper.MaxBytes * 3 / 2) throw new ProblemException(ErrorCodes.ImageTooLarge, $"The picture is larger than {PictureKeeper.MaxBytes / (1024 * 1024)} MiB.");
        try
        {
            return Convert.FromBase64String(comma < 0 ? text : text[(comma + 1)..]);
        }
        catch (FormatException exception)
        {
            throw new ProblemException(ErrorCodes.UnsupportedImage, "The picture's base64 is damaged.", inner: exception);
        }
    }

    public static string Encode(string contentType, byte[] bytes) => new StringBuilder("data:").Append(contentType).Append(";base64,").Append(Convert.ToBase64String(bytes)).ToString();
}
