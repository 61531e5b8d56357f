using System.Globalization;
using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>What stands between two shots: centred on the place where they meet.</summary>
/// <param name="After">The number of the frame before it.</param>
/// <param name="Transition">How the one becomes the other.</param>
/// <param name="Direction">Where a wipe or a slide goes; null for others.</param>
/// <param name="Seed">Places the patches of a dissolve; 0 for others.</param>
/// <param name="StartFrame">Its first film frame; where it has none, the first of the second shot.</param>
/// <param name="FrameCount">How many film frames it has: even; 0 for a cut.</param>
internal sealed record Joint(int After, Transition Transition, Direction? Direction, ulong Seed, int StartFrame, int FrameCount)
{
    /// <summary>
    /// The joint between a frame's shot and the next. Whole halves keep it exactly centred; a quarter of the shorter neighbour on each side makes at most half of it,
    /// so that every clip keeps at least half of its time.
    /// </summary>
    internal static Joint Of(FilmSettings film, FilmFrame frame, Shot shot, Shot next)
    {
        var transition = frame.Joint?.Transition ?? film.Transition;
        var seconds = transition == Transition.Cut ? 0 : frame.Joint?.Seconds ?? film.TransitionSeconds;
        var wanted = (int)Math.Round(seconds * film.Fps / 2, MidpointRounding.AwayFromZero);
        var half = Math.Min(wanted, Math.Min(shot.FrameCount, next.FrameCount) / 4);
        Direction? direction = transition is Transition.Wipe or Transition.Slide ? frame.Joint?.Direction ?? film.Direction : null;
        var seed = transition == Transition.Dissolve ? SplitMix64.Mix(film.Seed, frame.Number) : 0;
        return new Joint(frame.Number, transition, direction, seed, next.StartFrame - half, 2 * half);
    }

    /// <summary>How far the transition has come in its film frame <paramref name="index"/>: above 0 and below 1, rising by equal steps from clip to clip.</summary>
    public double ProgressAt(int index) => (index + 1.0) / (FrameCount + 1.0);

    /// <summary>Everything of it that its pixels hang on.</summary>
    internal string Inputs() => string.Create(CultureInfo.InvariantCulture, $"{Transition} {Direction} {Seed}\n");
}
