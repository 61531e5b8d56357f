using System.Globalization;
using FrameVideo.Contracts;
using VideoService.Clips;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>Puts what ends a render into the words of a video's <c>error</c>.</summary>
internal static class Failures
{
    private const int NoSpaceLeft = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>The work ended its process again and again.</summary>
    public static ResourceError Exhausted(int attempts) => Of(ErrorCodes.AttemptsExhausted, $"Rendering was begun {attempts} times without finishing any part; it was stopped.");

    /// <summary>What cannot get better by itself; null for what another attempt may cure.</summary>
    public static ResourceError? Final(Exception exception) => exception switch
    {
        NoFrameLeftException none => none.Last with { Message = $"No frame is left to be shown. {none.Last.Message}" },
        FrameMissingException missing => Of(ErrorCodes.FrameMissing, missing.Message, missing.Frame),
        ClipFailedException clip => clip.Error,
        PictureException picture => Of(picture.Code, picture.Message, picture.Frame),
        OverdueException overdue => Overdue(overdue.Limit),
        EncoderMissingException missing => Of(missing.Code, missing.Message),
        FilmPlanException or FootageException or SoundException or CaptionException or TemporarySpaceException => Last(exception),
        _ when IsDiskFull(exception) => Of(ErrorCodes.RenderFailed, "There is no space left for temporary files where the film is rendered. Free some, then retry."),
        _ => null,
    };

    /// <summary>What is wrong with one frame's picture; null where it is anything else.</summary>
    public static ResourceError? OfFrame(Exception exception) => exception is FrameMissingException or PictureException { Frame: not null } ? Final(exception) : null;

    private static ResourceError Overdue(TimeSpan limit) => Of(ErrorCodes.RenderTimeout, string.Create(CultureInfo.InvariantCulture, $"Rendering took longer than {limit:c} and was ended."));

    /// <summary>What the last attempt that is allowed ended with.</summary>
    public static ResourceError Last(Exception exception) => exception is RenderException known
        ? Of(known.Code, known.Message)
        : Of(ErrorCodes.RenderFailed, "The film could not be rendered; the service's log says why.");

    private static bool IsDiskFull(Exception exception) => exception switch
    {
        EncoderException encoder => encoder.Details.Contains("No space left on device", StringComparison.Ordinal),
        IOException disk => disk.HResult is NoSpaceLeft or WindowsDiskFull,
        _ => false,
    };

    private static ResourceError Of(ErrorCode code, string message, int? frame = null) => new(code.Code, message, frame, code.Retryable);
}

/// <summary>Every frame's picture is missing or damaged.</summary>
internal sealed class NoFrameLeftException(ResourceError last) : Exception(last.Message)
{
    /// <summary>What is wrong with one of them.</summary>
    public ResourceError Last { get; } = last;
}

/// <summary>The attempt took longer than is allowed.</summary>
internal sealed class OverdueException(TimeSpan limit) : Exception("The time limit is over.")
{
    /// <summary>How long it may take.</summary>
    public TimeSpan Limit { get; } = limit;
}

/// <summary>A pinned picture is no longer in the store.</summary>
internal sealed class FrameMissingException(int frame) : Exception($"The picture of frame {frame} is no longer in the store.")
{
    /// <summary>The frame's number.</summary>
    public int Frame { get; } = frame;
}
