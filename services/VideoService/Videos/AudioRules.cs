using System.Globalization;
using FrameVideo.Contracts;

namespace VideoService.Videos;

/// <summary>What <c>audio</c> of a film may say.</summary>
internal static class AudioRules
{
    /// <summary>Checks it and fills in the defaults; null for a film without sound, and where an error was added.</summary>
    public static AudioSettings? Check(AudioRequest? asked, Func<string, ObjectKey?> keyOf, Dictionary<string, string[]> errors)
    {
        if (asked is null) return null;
        var before = errors.Count;
        var key = KeyOf(asked, keyOf, errors);
        Range("start", asked.Start, 0, WireLimits.MaxSoundStart, "seconds");
        Range("fadeIn", asked.FadeIn, 0, WireLimits.MaxFade, "seconds");
        Range("fadeOut", asked.FadeOut, 0, WireLimits.MaxFade, "seconds");
        Range("gain", asked.Gain, WireLimits.MinGain, WireLimits.MaxGain, "decibels");
        return errors.Count > before ? null : new AudioSettings
        {
            ObjectKey = key!.Value,
            Start = asked.Start ?? 0,
            Loop = asked.Loop ?? true,
            FadeIn = asked.FadeIn ?? 0,
            FadeOut = asked.FadeOut,
            Normalize = asked.Normalize ?? true,
            Gain = asked.Gain ?? 0,
        };

        void Range(string field, double? value, double least, double most, string unit)
        {
            if (value is { } given && !(given >= least && given <= most)) errors[$"audio.{field}"] = [string.Create(CultureInfo.InvariantCulture, $"{field} is {least} to {most} {unit}.")];
        }
    }

    private static ObjectKey? KeyOf(AudioRequest asked, Func<string, ObjectKey?> keyOf, Dictionary<string, string[]> errors)
    {
        if (string.IsNullOrEmpty(asked.ObjectKey) == string.IsNullOrEmpty(asked.Url))
        {
            errors["audio.objectKey"] = ["A sound is named by its objectKey, as PUT /v1/sessions/{requestId}/uploads/{name} answered it, or by a url of ours: by one of the two."];
            return null;
        }

        var (field, found) = string.IsNullOrEmpty(asked.Url) ? ("audio.objectKey", ObjectKey.TryParse(asked.ObjectKey, out var key) ? key : (ObjectKey?)null) : ("audio.url", keyOf(asked.Url));
        if (found is { IsSound: true }) return found;
        errors[field] = ["This names no sound that was brought here: PUT it to /v1/sessions/{requestId}/uploads/{name} first, and name the objectKey that is answered."];
        return null;
    }
}
