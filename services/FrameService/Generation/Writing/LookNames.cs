using FrameVideo.Contracts;

namespace FrameService.Generation.Writing;

/// <summary>Style and mood as words of a prompt.</summary>
internal static class LookNames
{
    public static string Of(Style style) => style == Style.DigitalArt ? "Digital Art" : style.ToString();

    public static string Of(Mood mood) => mood switch
    {
        Mood.Vibrant => "vibrant",
        Mood.Calm => "calm",
        Mood.Dramatic => "dramatic",
        Mood.Mysterious => "mysterious",
        Mood.Cheerful => "cheerful",
        _ => "moody",
    };
}
