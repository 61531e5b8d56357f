using System.Diagnostics;

namespace FrameVideo.Jobs;

/// <summary>Which trace asked for a piece of work: it travels with the work through the queue, also when the work is tried again, and the work's own trace links to it.</summary>
internal static class WorkOrigin
{
    /// <summary>What the queue keeps it under: a W3C <c>traceparent</c>.</summary>
    public const string Key = "traceparent";

    private static readonly AsyncLocal<string?> Running = new();

    /// <summary>Of the work that runs here, who asked for it; else whoever asks now.</summary>
    public static string? Current => Running.Value ?? (Activity.Current is { IdFormat: ActivityIdFormat.W3C } asking ? asking.Id : null);

    /// <summary>Work that was asked for by somebody begins, until the end of the method that says so.</summary>
    public static void Enter(string? origin) => Running.Value = origin;

    /// <summary>Whom the work's trace links to.</summary>
    public static IEnumerable<ActivityLink> Links(string? origin) => ActivityContext.TryParse(origin, null, isRemote: true, out var asked) ? [new ActivityLink(asked)] : [];
}
