using FrameVideo.Contracts;

namespace FrameVideo.Local.CommandLine;

/// <summary>What the command line asks for.</summary>
internal abstract record Command;

/// <summary><c>--help</c>.</summary>
internal sealed record ShowHelp : Command;

/// <summary><c>--version</c>.</summary>
internal sealed record ShowVersion : Command;

/// <summary>No prompt: serve until Ctrl-C.</summary>
/// <param name="Data">The data folder; null for the default.</param>
/// <param name="Port">The front door's port; null for the default.</param>
internal sealed record ServeCommand(string? Data, int? Port) : Command;

/// <summary><c>prove</c>.</summary>
internal sealed record ProveCommand : Command;

/// <summary>A prompt or pictures: make one film, and end.</summary>
internal sealed record FilmCommand : Command
{
    /// <summary>What the film is about; with pictures it is their common title.</summary>
    public string? Prompt { get; init; }

    /// <summary>A person's own pictures, in the film's order; empty where frames are generated.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    public Style? Style { get; init; }

    public Mood? Mood { get; init; }

    /// <summary>Seconds, 2-600.</summary>
    public double? Duration { get; init; }

    public int? FrameCount { get; init; }

    public AspectRatio? Ratio { get; init; }

    public long? Seed { get; init; }

    public Motion? Motion { get; init; }

    public Transition? Transition { get; init; }

    public Fit? Fit { get; init; }

    public Resolution? Resolution { get; init; }

    public int? Fps { get; init; }

    public VideoQuality? Quality { get; init; }

    /// <summary>Where each frame's description is written; null for nowhere.</summary>
    public CaptionPlace? Captions { get; init; }

    /// <summary>Where the film goes; null for <c>films/</c> under the current folder.</summary>
    public string? Out { get; init; }

    public UserId? User { get; init; }

    public string? Data { get; init; }

    public int? Port { get; init; }
}
