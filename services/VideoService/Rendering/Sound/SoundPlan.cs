namespace VideoService.Rendering;

/// <summary>How a film's sound is made of a sound that somebody brought.</summary>
/// <param name="Kind">What its bytes are: mp3, m4a, aac, wav, flac or ogg.</param>
/// <param name="Start">Seconds of it that are passed over, 0 or more.</param>
/// <param name="Loop">Whether it begins again where it ends before the film; else there is silence then.</param>
/// <param name="FadeIn">Seconds in which it rises at the film's beginning.</param>
/// <param name="FadeOut">Seconds in which it falls at its end; null for one second where the film cuts it off, and none where it ends by itself.</param>
/// <param name="Normalize">Whether it is brought to <see cref="Soundtrack.Loudness"/>.</param>
/// <param name="Gain">Decibels on top of that.</param>
internal sealed record SoundPlan(string Kind, double Start, bool Loop, double FadeIn, double? FadeOut, bool Normalize, double Gain);
