namespace FrameVideo.Contracts;

/// <summary>How much of each thing a request may bring: what the services check by and what their documents say.</summary>
public static class WireLimits
{
    /// <summary>Frames of a session, and their largest number.</summary>
    public const int MaxFrames = 1000;

    /// <summary>Characters of a prompt, a description and the like.</summary>
    public const int MaxText = 4000;

    /// <summary>Characters of a whole story.</summary>
    public const int MaxStory = 20_000;

    /// <summary>Characters of either part of a story's profile.</summary>
    public const int MaxProfile = 1200;

    /// <summary>Seconds of a film, at least.</summary>
    public const double MinDuration = 2;

    /// <summary>Seconds of a film, at most.</summary>
    public const double MaxDuration = 600;

    /// <summary>Seconds for which a frame is seen, at least.</summary>
    public const double MinFrameSeconds = 0.5;

    /// <summary>Seconds for which a frame is seen, at most.</summary>
    public const double MaxFrameSeconds = 60;

    /// <summary>Seconds of a transition, at least.</summary>
    public const double MinTransitionSeconds = 0.1;

    /// <summary>Seconds of a transition, at most.</summary>
    public const double MaxTransitionSeconds = 10;

    /// <summary>The form of a colour.</summary>
    public const string Colour = "^#[0-9A-Fa-f]{6}$";

    /// <summary>What JavaScript holds exactly.</summary>
    public const long MaxSeed = (1L << 53) - 1;

    /// <summary>Entries of <c>metadata</c>.</summary>
    public const int MaxNotes = 20;

    /// <summary>Characters of a name in <c>metadata</c>, at least one.</summary>
    public const int MaxNoteName = 64;

    /// <summary>Characters of a text in <c>metadata</c>.</summary>
    public const int MaxNoteText = 500;

    /// <summary>Characters of a URL that a caller gives, and of a link that an answer carries.</summary>
    public const int MaxUrl = 2048;

    /// <summary>Characters of an AI service's name.</summary>
    public const int MaxProviderName = 40;

    /// <summary>The form of an AI service's name.</summary>
    public const string ProviderName = "^[a-z0-9][a-z0-9_-]{0,39}$";

    /// <summary>Characters of what happens in a clip.</summary>
    public const int MaxClipPrompt = 1000;

    /// <summary>US dollars that one request may allow.</summary>
    public const double MaxCostUsd = 1_000_000;

    /// <summary>Entries of <c>usage.items</c>.</summary>
    public const int MaxUsageItems = 100;

    /// <summary>Bytes of a sound that a person brings.</summary>
    public const int MaxSoundBytes = 64 * 1024 * 1024;

    /// <summary>Characters of a caption.</summary>
    public const int MaxCaption = 500;

    /// <summary>Characters of a language's tag.</summary>
    public const int MaxLanguage = 35;

    /// <summary>The form of a language's tag (BCP 47).</summary>
    public const string Language = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$";

    /// <summary>Seconds of a sound that a film may pass over.</summary>
    public const double MaxSoundStart = 36_000;

    /// <summary>Seconds in which a sound rises or falls.</summary>
    public const double MaxFade = 60;

    /// <summary>Decibels by which a sound is made softer, at most.</summary>
    public const double MinGain = -60;

    /// <summary>Decibels by which a sound is made louder, at most.</summary>
    public const double MaxGain = 20;

    /// <summary>Characters of the name of what a person brings.</summary>
    public const int MaxUploadName = 100;

    /// <summary>The form of the name of what a person brings.</summary>
    public const string UploadName = "^[A-Za-z0-9_-][A-Za-z0-9._-]*$";

    /// <summary>Characters of a picture of 25 MiB as a data URL.</summary>
    public const int MaxDataUrl = 34_952_600;

    /// <summary>Characters of a place in a film.</summary>
    public const int MaxTimestamp = 32;

    /// <summary>The characters of a place in a film, such as <c>0:05</c> or <c>0:05-0:10</c>.</summary>
    public const string Timestamp = "^[0-9:. s\u2013-]+$";

    /// <summary>Characters of a short name that the services give, such as a provider's.</summary>
    public const int MaxName = 80;

    /// <summary>Characters of a cursor.</summary>
    public const int MaxCursor = 400;

    /// <summary>The form of a cursor; what it says is the service's own affair.</summary>
    public const string Cursor = "^[A-Za-z0-9_-]+$";

    /// <summary>Scopes of a token for one request ID: as many as it can have, each once or more.</summary>
    public const int MaxTokenScopes = 8;

    /// <summary>Seconds that a token for one request ID works, at least.</summary>
    public const int MinTokenLife = 60;

    /// <summary>Seconds that a token for one request ID works, at most.</summary>
    public const int MaxTokenLife = 24 * 60 * 60;

    /// <summary>Characters of a token for one request ID.</summary>
    public const int MaxToken = 512;

    /// <summary>The form of a token for one request ID; what it says is the services' own affair.</summary>
    public const string Token = "^fvt_[A-Za-z0-9._-]+$";

    /// <summary>The form of a SHA-256.</summary>
    public const string Sha256 = "^[0-9a-f]{64}$";

    /// <summary>The form of the ID of a session or a video.</summary>
    public const string ResourceId = "^(req|vid)_[0-9]{1,16}_[0-9a-z]{1,16}$";

    /// <summary>The form of an event's ID.</summary>
    public const string EventId = "^evt_(req|vid)_[0-9]{1,16}_[0-9a-z]{1,16}_[0-9]{1,16}$";

    /// <summary>The form of an event's type.</summary>
    public const string EventType = "^(session|video)\\.[a-z_]+$";

    /// <summary>What people write: no control characters but line breaks and tabs.</summary>
    public const string Words = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$";
}
