using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>Why a film cannot be made. The message is a sentence for people, without paths.</summary>
internal abstract class RenderException(ErrorCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The entry of the table that this is answered with.</summary>
    public ErrorCode Code { get; } = code;
}

/// <summary>Settings and frames that no film can be made of: <see cref="ErrorCodes.ValidationFailed"/>.</summary>
internal sealed class FilmPlanException(string message) : RenderException(ErrorCodes.ValidationFailed, message);

/// <summary>
/// A picture that cannot be filmed: <see cref="ErrorCodes.FrameCorrupt"/>, <see cref="ErrorCodes.ImageTooManyPixels"/> or
/// <see cref="ErrorCodes.UnsupportedImage"/>.
/// </summary>
internal sealed class PictureException(ErrorCode code, string message, int? frame = null, Exception? inner = null) : RenderException(code, message, inner)
{
    /// <summary>The frame's number, where it is known.</summary>
    public int? Frame { get; } = frame;
}

/// <summary>The encoder ended without a film: <see cref="ErrorCodes.RenderFailed"/>.</summary>
internal class EncoderException(string message, string details = "", Exception? inner = null) : RenderException(ErrorCodes.RenderFailed, message, inner)
{
    /// <summary>The last lines that the encoder wrote to its standard error; for the log, since they name paths.</summary>
    public string Details { get; } = details;
}

/// <summary>The encoder hung: it showed no sign of life for too long, and was ended.</summary>
internal sealed class EncoderSilentException(string message, string details, Exception? inner) : EncoderException(message, details, inner);

/// <summary>The encoder's program cannot be started: <see cref="ErrorCodes.EncoderMissing"/>.</summary>
internal sealed class EncoderMissingException(string message, Exception? inner = null) : RenderException(ErrorCodes.EncoderMissing, message, inner);

/// <summary>A foreign clip that cannot be decoded, or that is larger or longer than any that is taken: <see cref="ErrorCodes.ClipUnreadable"/>.</summary>
internal sealed class FootageException(string message, string details = "", Exception? inner = null) : RenderException(ErrorCodes.ClipUnreadable, message, inner)
{
    /// <summary>The decoder's last words; for the log.</summary>
    public string Details { get; } = details;
}

/// <summary>The film's temporary files would be larger than <see cref="RenderingOptions.MaxTemporaryBytes"/>: <see cref="ErrorCodes.RenderFailed"/>.</summary>
internal sealed class TemporarySpaceException(long limit) : RenderException(
    ErrorCodes.RenderFailed, $"The film needs more than the {limit / 1048576.0:N0} MiB of temporary space that one may take. A shorter or smaller one, or one of less quality, needs less.");
