namespace FrameVideo.Contracts;

/// <summary>One way in which a request or a piece of work can fail.</summary>
/// <param name="Code">The <c>code</c> of the problem, for programs; never changes its meaning.</param>
/// <param name="Status">The HTTP status; 0 where it stands in a resource's <c>error</c> alone.</param>
/// <param name="Title">The same for every occurrence.</param>
/// <param name="Retryable">Whether the same request can succeed later.</param>
public sealed record ErrorCode(string Code, int Status, string Title, bool Retryable = false)
{
    /// <summary>The form of a code.</summary>
    public const string Pattern = "^[a-z]+(-[a-z]+)*$";

    /// <summary>The most characters of one.</summary>
    public const int MaxLength = 64;
}

/// <summary>The table of every code that the pair answers with.</summary>
public static class ErrorCodes
{
#pragma warning disable CS1591 // Each entry's title says what it is.
    public static readonly ErrorCode InvalidRequest = new("invalid-request", 400, "The request cannot be read.");
    public static readonly ErrorCode InvalidJson = new("invalid-json", 400, "The body is not the JSON that is asked for.");
    public static readonly ErrorCode InvalidRequestId = new("invalid-request-id", 400, "This is not a request ID.");
    public static readonly ErrorCode InvalidVideoId = new("invalid-video-id", 400, "This is not a video ID.");
    public static readonly ErrorCode InvalidUserId = new("invalid-user-id", 400, "This is not a user ID.");
    public static readonly ErrorCode InvalidCursor = new("invalid-cursor", 400, "This cursor was not given by this list.");
    public static readonly ErrorCode LegacySessionId = new("legacy-session-id", 400, "This is a session ID of the former product; the adopt command takes such sessions over.");
    public static readonly ErrorCode InvalidIdempotencyKey = new("invalid-idempotency-key", 400, "This is not an idempotency key.");
    public static readonly ErrorCode UserRequired = new("user-required", 400, "The key acts for users, and the request names none.");
    public static readonly ErrorCode Unauthorized = new("unauthorized", 401, "Say who you are.");
    public static readonly ErrorCode InvalidApiKey = new("invalid-api-key", 401, "The API key is not one of ours, or has expired.");
    public static readonly ErrorCode InvalidAccessToken = new("invalid-access-token", 401, "The access token does not hold.");
    public static readonly ErrorCode TokenExpired = new("token-expired", 401, "The link's token has expired; the resource has a fresh link.");
    public static readonly ErrorCode InsufficientCredit = new("insufficient-credit", 402, "The AI service has no credit left for this.");
    public static readonly ErrorCode BudgetExceeded = new("budget-exceeded", 402, "This would cost more than the budget leaves.");
    public static readonly ErrorCode Forbidden = new("forbidden", 403, "You may not do this.");
    public static readonly ErrorCode InsufficientScope = new("insufficient-scope", 403, "The key may not do this.");
    public static readonly ErrorCode UserMismatch = new("user-mismatch", 403, "The user ID is not the caller's.");
    public static readonly ErrorCode ForeignObject = new("foreign-object", 403, "This object belongs to another user.");
    public static readonly ErrorCode OriginRefused = new("origin-refused", 403, "Requests from this origin or for this host are refused.");
    public static readonly ErrorCode InvalidToken = new("invalid-token", 403, "The link's token is not valid for this.");
    public static readonly ErrorCode NotFound = new("not-found", 404, "There is nothing at this address.");
    public static readonly ErrorCode SessionNotFound = new("session-not-found", 404, "There is no such session.");
    public static readonly ErrorCode FrameNotFound = new("frame-not-found", 404, "There is no such frame.");
    public static readonly ErrorCode VideoNotFound = new("video-not-found", 404, "There is no such video.");
    public static readonly ErrorCode ObjectNotFound = new("object-not-found", 404, "There is no such object in the store.");
    public static readonly ErrorCode CaptionsNotFound = new("captions-not-found", 404, "The film has no captions.");
    public static readonly ErrorCode PlaylistNotFound = new("playlist-not-found", 404, "The film has no playlist; its format is not hls.");
    public static readonly ErrorCode DeliveryNotFound = new("delivery-not-found", 404, "There is no such delivery.");
    public static readonly ErrorCode MethodNotAllowed = new("method-not-allowed", 405, "This address does not take that method.");
    public static readonly ErrorCode NotAcceptable = new("not-acceptable", 406, "This cannot be had in an accepted form.");
    public static readonly ErrorCode RequestTimeout = new("request-timeout", 408, "The request came too slowly.", true);
    public static readonly ErrorCode RequestIdMismatch = new("request-id-mismatch", 409, "The frames belong to another request ID than the one given.");
    public static readonly ErrorCode FramesRevisionChanged = new("frames-revision-changed", 409, "The session's frames have changed since.");
    public static readonly ErrorCode FramesNotReady = new("frames-not-ready", 409, "Frames are still being made.", true);
    public static readonly ErrorCode FramesMissing = new("frames-missing", 409, "The session has frames without a picture.");
    public static readonly ErrorCode SessionBusy = new("session-busy", 409, "The session is being generated.", true);
    public static readonly ErrorCode SessionExists = new("session-exists", 409, "A session with this request ID exists already.");
    public static readonly ErrorCode WrongState = new("wrong-state", 409, "This cannot be done in the present state.");
    public static readonly ErrorCode VideoNotCompleted = new("video-not-completed", 409, "The video has not come to this yet.", true);
    public static readonly ErrorCode IdempotencyInProgress = new("idempotency-in-progress", 409, "The request with this key is being carried out.", true);
    public static readonly ErrorCode SessionDeleted = new("session-deleted", 410, "The session was deleted.");
    public static readonly ErrorCode OutcomeGone = new("outcome-gone", 410, "What the request with this key made has been deleted since.");
    public static readonly ErrorCode PreconditionFailed = new("precondition-failed", 412, "The resource has changed since.");
    public static readonly ErrorCode BodyTooLarge = new("body-too-large", 413, "The body is larger than this address takes.");
    public static readonly ErrorCode ImageTooLarge = new("image-too-large", 413, "The picture is larger than 25 MiB.");
    public static readonly ErrorCode AudioTooLarge = new("audio-too-large", 413, "The sound is larger than 64 MiB.");
    public static readonly ErrorCode UriTooLong = new("uri-too-long", 414, "The address is longer than any here.");
    public static readonly ErrorCode UnsupportedMediaType = new("unsupported-media-type", 415, "This content type is not taken here.");
    public static readonly ErrorCode UnsupportedImage = new("unsupported-image", 415, "The bytes are no PNG, JPEG or WebP picture.");
    public static readonly ErrorCode UnsupportedAudio = new("unsupported-audio", 415, "The bytes are no MP3, AAC, M4A, WAV, FLAC or Ogg sound.");
    public static readonly ErrorCode RangeNotSatisfiable = new("range-not-satisfiable", 416, "The range lies outside of the content.");
    public static readonly ErrorCode ValidationFailed = new("validation-failed", 422, "Some fields have values that are not allowed.");
    public static readonly ErrorCode IdempotencyKeyReused = new("idempotency-key-reused", 422, "The key was used for another request.");
    public static readonly ErrorCode ImageTooManyPixels = new("image-too-many-pixels", 422, "The picture has too many pixels.");
    public static readonly ErrorCode ImageUnreadable = new("image-unreadable", 422, "The picture cannot be decoded.");
    public static readonly ErrorCode AudioUnreadable = new("audio-unreadable", 422, "The sound cannot be decoded.");
    public static readonly ErrorCode CaptionFontMissing = new("caption-font-missing", 422, "No font that is installed can write a caption.");
    public static readonly ErrorCode ContentModerated = new("content-moderated", 422, "The AI service does not make this; other words or another picture may do.");
    public static readonly ErrorCode UrlRefused = new("url-refused", 422, "This URL is not fetched.");
    public static readonly ErrorCode UrlUnreachable = new("url-unreachable", 422, "This URL cannot be fetched.", true);
    public static readonly ErrorCode TooManyRequests = new("too-many-requests", 429, "Too many requests.", true);
    public static readonly ErrorCode HeadersTooLarge = new("headers-too-large", 431, "The request's headers are too many or too large.");
    public static readonly ErrorCode TooManyQueuedJobs = new("too-many-queued-jobs", 429, "Too many of the caller's jobs are waiting.", true);
    public static readonly ErrorCode InternalError = new("internal-error", 500, "Something went wrong here.", true);
    public static readonly ErrorCode StorageUnavailable = new("storage-unavailable", 503, "The object store does not answer.", true);
    public static readonly ErrorCode StorageForbidden = new("storage-forbidden", 503, "The object store refuses this service.", true);
    public static readonly ErrorCode StorageMisconfigured = new("storage-misconfigured", 503, "The object store has no such bucket.", true);
    public static readonly ErrorCode DatabaseUnavailable = new("database-unavailable", 503, "The database does not answer.", true);
    public static readonly ErrorCode IdentityProviderUnavailable = new("identity-provider-unavailable", 503, "The identity provider does not answer.", true);
    public static readonly ErrorCode FrameServiceUnavailable = new("frame-service-unavailable", 503, "FrameService does not answer.", true);
    public static readonly ErrorCode VideoServiceUnavailable = new("video-service-unavailable", 503, "VideoService does not answer.", true);
    public static readonly ErrorCode FrameMissing = new("frame-missing", 0, "A frame's picture is no longer in the store.");
    public static readonly ErrorCode FrameCorrupt = new("frame-corrupt", 0, "A frame's picture is not the one that was saved, or cannot be decoded.");
    public static readonly ErrorCode AudioMissing = new("audio-missing", 0, "The film's sound is no longer in the store.");
    public static readonly ErrorCode GenerationFailed = new("generation-failed", 0, "The frames could not be made.", true);
    public static readonly ErrorCode ProviderUnavailable = new("provider-unavailable", 0, "The AI service does not answer, or answers with what is of no use.", true);
    public static readonly ErrorCode ProviderRateLimited = new("provider-rate-limited", 0, "The AI service takes no more at present.", true);
    public static readonly ErrorCode ProviderRefused = new("provider-refused", 0, "The AI service does not take the key, the model or the request that this service is set up with.");
    public static readonly ErrorCode ClipUnreadable = new("clip-unreadable", 0, "The clip that the AI service made cannot be read.", true);
    public static readonly ErrorCode RenderFailed = new("render-failed", 0, "The film could not be rendered.", true);
    public static readonly ErrorCode RenderTimeout = new("render-timeout", 0, "The film took longer than is allowed.", true);
    public static readonly ErrorCode EncoderMissing = new("encoder-missing", 0, "ffmpeg is not installed where the film is rendered.", true);
    public static readonly ErrorCode AttemptsExhausted = new("attempts-exhausted", 0, "The work ended its process again and again, and was stopped.", true);
#pragma warning restore CS1591

    /// <summary>Every entry, by code.</summary>
    public static IReadOnlyDictionary<string, ErrorCode> All { get; } = typeof(ErrorCodes)
        .GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
        .Select(field => (ErrorCode)field.GetValue(null)!)
        .ToDictionary(code => code.Code, StringComparer.Ordinal);
}
