using FrameVideo.Contracts;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

public sealed class FrameGapsTests
{
    private static readonly FilmSettings Film = new() { DurationSeconds = 6, Fps = 24, Width = 320, Height = 180, Seed = 3 };
    private static readonly FilmFrame[] Frames = [.. Enumerable.Range(1, 6).Select(number => new FilmFrame(number, new string((char)('a' + number - 1), 64), 320, 180))];

    [Fact]
    public void Whatever_fails_the_film_lasts_as_long_and_its_joints_stand_where_the_formula_says()
    {
        // Every choice of frames that fail but that of all.
        for (var choice = 0; choice < (1 << 6) - 1; choice++)
        {
            var failed = Enumerable.Range(1, 6).Where(number => (choice >> (number - 1) & 1) != 0).ToList();
            var skipped = FilmPlan.Create(Film, FrameGaps.Close(Frames, failed, OnFrameFailure.Skip), "");
            var held = FilmPlan.Create(Film, FrameGaps.Close(Frames, failed, OnFrameFailure.Hold), "");
            var shown = 6 - failed.Count;
            foreach (var plan in new[] { skipped, held })
            {
                Assert.Equal(144, plan.FrameCount);
                Assert.Equal(144, plan.Pieces.Sum(piece => piece.FrameCount));
                Assert.Equal(Frames.Select(frame => frame.Number).Except(failed), plan.Shots.Select(shot => shot.Number));
            }

            Assert.Equal(Enumerable.Range(1, shown - 1).Select(k => (int)Math.Round(k * 144.0 / shown, MidpointRounding.AwayFromZero)), Middles(skipped));
            // Where a frame is held no joint stands: the picture before it goes on.
            Assert.Equal(held.Shots.Skip(1).Select(shot => (shot.Number - 1) * 24), Middles(held));
        }
    }

    [Fact]
    public void A_held_picture_makes_another_piece_than_the_same_picture_by_itself()
    {
        var alone = FilmPlan.Create(Film, Frames, "").Pieces.Select(piece => piece.InputHash);
        var held = FilmPlan.Create(Film, FrameGaps.Close(Frames, [4], OnFrameFailure.Hold), "").Pieces;
        // Frames 1 and 2, and what joins them, are as they were.
        Assert.Equal([1, 1, 2], held.Where(piece => alone.Contains(piece.InputHash)).Select(piece => piece.Number).Take(3));
        Assert.DoesNotContain(held.Single(piece => piece is { Kind: PieceKind.Clip, Number: 3 }).InputHash, alone);
    }

    private static IEnumerable<int> Middles(FilmPlan plan) => plan.Pieces.Where(piece => piece.Kind == PieceKind.Joint).Select(piece => piece.StartFrame + piece.FrameCount / 2);
}
