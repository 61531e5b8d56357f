using FrameVideo.Contracts;
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
        FrameMissingException missing => Of(ErrorCodes.FrameMissing, missing.Message, missing.Frame),
        PictureException picture => Of(picture.Code, picture.Message, picture.Frame),
        EncoderMissingException missing => Of(missing.Code, missing.Message),
        FilmPlanException plan => Of(plan.Code, plan.Message),
        _ when IsDiskFull(exception) => Of(ErrorCodes.RenderFailed, "There is no space left for temporary files where the film is rendered. Free some, then retry."),
        _ => null,
    };

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

/// <summary>A pinned picture is no longer in the store.</summary>
internal sealed class FrameMissingException(int frame) : Exception($"The picture of frame {frame} is no longer in the store.")
{
    /// <summary>The frame's number.</summary>
    public int Frame { get; } = frame;
}
