using FrameVideo.Contracts;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

public class FilmPlanTests
{
    private static readonly int[] Rates = [24, 25, 30, 50, 60];
    private static readonly int[] Counts = [1, 2, 3, 6, 7, 24, 119, 1000];
    private static readonly double[] Durations = [0.5, 1, 2.345, 5.04, 30, 61.7, 600];

    [Fact]
    public void Work_goes_through_the_film_and_a_joint_follows_the_clip_after_it()
    {
        var watched = WorkOrder.Of(FilmPlan.Create(Film(20, 30), Frames(4), "").Pieces, isWatched: true);
        Assert.Equal("Clip 1, Clip 2, Joint 1, Clip 3, Joint 2, Clip 4, Joint 3", string.Join(", ", watched.Select(piece => $"{piece.Kind} {piece.Number}")));
        // Short pieces for the end, where nobody sees the film before it is whole.
        var order = WorkOrder.Of(FilmPlan.Create(Film(40, 30), Frames(8), "").Pieces);
        Assert.Equal(
            "Clip 1, Clip 2, Joint 1, Clip 3, Joint 2, Clip 4, Clip 5, Clip 6, Clip 7, Clip 8, Joint 3, Joint 4, Joint 5, Joint 6, Joint 7", string.Join(", ", order.Select(piece => $"{piece.Kind} {piece.Number}")));
    }

    [Fact]
    public void Pieces_cover_every_film_exactly_and_none_is_empty()
    {
        foreach (var (count, duration, fps, plan) in Plans())
        {
            var at = 0;
            foreach (var piece in plan.Pieces)
            {
                Assert.Equal(at, piece.StartFrame);
                Assert.True(piece.FrameCount > 0);
                Assert.Equal(64, piece.InputHash.Length);
                at += piece.FrameCount;
            }
            Assert.Equal((int)Math.Round(duration * fps, MidpointRounding.AwayFromZero), at);
            Assert.Equal(at, plan.FrameCount);
            Assert.Equal(count, plan.Pieces.Count(piece => piece.Kind == PieceKind.Clip));
        }
    }

    [Fact]
    public void Joints_are_centred_on_their_positions_and_at_most_half_of_the_shorter_neighbour()
    {
        foreach (var (count, duration, fps, plan) in Plans())
        {
            int Position(int k) => (int)Math.Round(k * duration * fps / count, MidpointRounding.AwayFromZero);
            foreach (var joint in plan.Pieces.Where(piece => piece.Kind == PieceKind.Joint))
            {
                var k = joint.Number;
                Assert.Equal(2 * Position(k), 2 * joint.StartFrame + joint.FrameCount);
                Assert.True(2 * joint.FrameCount <= Math.Min(Position(k) - Position(k - 1), Position(k + 1) - Position(k)));
                Assert.True(joint.FrameCount >= 2);
                Assert.Equal([k, k + 1], joint.FrameNumbers);
            }
        }
    }

    [Fact]
    public void Each_shot_has_its_place_and_stays_within_its_canvas_through_the_transitions_on_both_sides()
    {
        foreach (var (count, duration, fps, plan) in Plans())
        {
            foreach (var (i, shot) in plan.Shots.Index())
            {
                Assert.Equal((int)Math.Round(i * duration * fps / count, MidpointRounding.AwayFromZero), shot.StartFrame);
                var pieces = plan.Pieces.Where(piece => piece.FrameNumbers.Contains(shot.Number)).ToList();
                foreach (var view in new[] { shot.Path.From, shot.Path.To, shot.ViewAt(pieces[0].StartFrame), shot.ViewAt(pieces[^1].StartFrame + pieces[^1].FrameCount - 1) })
                {
                    Assert.InRange(view.Left, 0, 1);
                    Assert.InRange(view.Top, 0, 1);
                    Assert.InRange(view.Size, 1 / MotionPath.MaxZoom - 1e-12, 1);
                    Assert.True(view.Left + view.Size <= 1 + 1e-12 && view.Top + view.Size <= 1 + 1e-12);
                }
            }
        }
    }

    [Fact]
    public void Six_frames_in_thirty_seconds_have_transitions_of_four_fifths_of_a_second()
    {
        var plan = FilmPlan.Create(Film(30, 30), Frames(6), "");
        Assert.Equal(900, plan.FrameCount);
        Assert.Equal([138, 24, 126, 24, 126, 24, 126, 24, 126, 24, 138], plan.Pieces.Select(piece => piece.FrameCount));
    }

    [Fact]
    public void A_film_of_one_frame_and_a_film_of_cuts_have_no_joints()
    {
        Assert.Single(FilmPlan.Create(Film(10, 30), Frames(1), "").Pieces);
        Assert.Equal(5, FilmPlan.Create(Film(10, 30) with { Transition = Transition.Cut }, Frames(5), "").Pieces.Count);
    }

    [Fact]
    public void One_film_frame_for_each_picture_is_the_least()
    {
        Assert.All(FilmPlan.Create(Film(1, 30), Frames(30), "").Pieces, piece => Assert.Equal(1, piece.FrameCount));
        var refused = Assert.Throws<FilmPlanException>(() => FilmPlan.Create(Film(1, 30), Frames(31), ""));
        Assert.Equal(ErrorCodes.ValidationFailed, refused.Code);
    }

    [Theory]
    [InlineData(0.4, 30, 1280, 720)]
    [InlineData(double.NaN, 30, 1280, 720)]
    [InlineData(10, 29, 1280, 720)]
    [InlineData(10, 30, 1281, 720)]
    [InlineData(10, 30, 1280, 8)]
    [InlineData(10, 30, 8194, 720)]
    public void Settings_out_of_range_are_refused(double duration, int fps, int width, int height) => Assert.Throws<FilmPlanException>(
        () => FilmPlan.Create(Film(duration, fps) with { Width = width, Height = height }, Frames(1), ""));

    [Fact]
    public void Frames_that_are_missing_doubled_or_without_a_hash_are_refused()
    {
        Assert.Throws<FilmPlanException>(() => FilmPlan.Create(Film(10, 30), [], ""));
        Assert.Throws<FilmPlanException>(() => FilmPlan.Create(Film(10, 30), [Frame(1), Frame(1)], ""));
        Assert.Throws<FilmPlanException>(() => FilmPlan.Create(Film(10, 30), [new FilmFrame(1, "abc", 10, 10)], ""));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(4, 3)]
    [InlineData(6, 2)]
    public void A_changed_picture_changes_its_clip_and_its_joints_alone(int changed, int expected)
    {
        var before = FilmPlan.Create(Film(30, 30), Frames(6), "5.1");
        var frames = Frames(6);
        frames[changed - 1] = frames[changed - 1] with { Sha256 = new string('f', 64) };
        var after = FilmPlan.Create(Film(30, 30), frames, "5.1");
        var differing = before.Pieces.Zip(after.Pieces).Where(pair => pair.First.InputHash != pair.Second.InputHash).Select(pair => pair.First).ToList();
        Assert.Equal(expected, differing.Count);
        Assert.Single(differing, piece => piece.Kind == PieceKind.Clip);
        Assert.All(differing, piece => Assert.Contains(changed, piece.FrameNumbers));
    }

    [Fact]
    public void Everything_that_goes_into_a_piece_is_in_its_hash()
    {
        var film = Film(30, 30);
        string[] hashes =
        [
            Hash(film, 6, "5.1"), Hash(film, 6, "5.2"), Hash(film, 5, "5.1"), Hash(film with { Fps = 25 }, 6, "5.1"), Hash(film with { Width = 1278 }, 6, "5.1"),
            Hash(film with { Height = 718 }, 6, "5.1"), Hash(film with { Motion = Motion.None }, 6, "5.1"), Hash(film with { Fit = Fit.Pad }, 6, "5.1"),
            Hash(film with { Quality = VideoQuality.High }, 6, "5.1"), Hash(film with { Quality = VideoQuality.Draft }, 6, "5.1"), Hash(film with { Seed = 8 }, 6, "5.1"),
            Hash(film with { DurationSeconds = 31 }, 6, "5.1"), Hash(film with { Transition = Transition.Cut }, 6, "5.1"),
        ];
        Assert.Distinct(hashes, StringComparer.Ordinal);
        Assert.Equal(hashes[0], Hash(film, 6, "5.1"));

        // What was decided counts, not how it came to be decided.
        Assert.Equal(hashes[0], Hash(film with { Fit = Fit.Cover }, 6, "5.1"));

        static string Hash(FilmSettings film, int count, string version) => FilmPlan.Create(film, Frames(count), version).Pieces[2].InputHash;
    }

    [Fact]
    public void A_piece_is_named_in_the_store_by_its_kind_number_and_hash()
    {
        var plan = FilmPlan.Create(Film(30, 30), Frames(6), "5.1");
        var (user, request) = (UserId.Parse("ada"), RequestId.Parse("req_1700000000000_abc"));
        Assert.Equal($"ada/req_1700000000000_abc/video-clips/clip_01_{plan.Pieces[0].InputHash[..12]}.mp4", plan.Pieces[0].Key(user, request, "mp4").ToString());
        Assert.Equal($"ada/req_1700000000000_abc/video-clips/joint_01_{plan.Pieces[1].InputHash[..12]}.mp4", plan.Pieces[1].Key(user, request, "mp4").ToString());
    }

    [Theory]
    [InlineData(1280, 720, Fit.Cover)]
    [InlineData(1000, 1000, Fit.Contain)]
    [InlineData(1080, 1000, Fit.Cover)]
    [InlineData(720, 1280, Fit.Contain)]
    [InlineData(2960, 1000, Fit.Cover)]
    [InlineData(3000, 1000, Fit.Contain)]
    [InlineData(0, 0, Fit.Cover)]
    public void A_picture_that_would_lose_more_than_two_fifths_is_contained(int width, int height, Fit expected) =>
        Assert.Equal(expected, FilmPlan.Create(Film(5, 30), [new FilmFrame(1, new string('a', 64), width, height)], "").Shots[0].Fit);

    [Fact]
    public void Neighbours_move_differently_and_short_shots_move_less()
    {
        var plan = FilmPlan.Create(Film(30, 30), Frames(6), "");
        Assert.All(plan.Shots.Zip(plan.Shots.Skip(1)), pair =>
            Assert.NotEqual(pair.First.Path.To.Size < pair.First.Path.From.Size, pair.Second.Path.To.Size < pair.Second.Path.From.Size));
        Assert.Distinct(plan.Shots.Select(shot => shot.Path));
        Assert.All(plan.Shots, shot => Assert.Equal(1.2, shot.Path.Zoom, 6));
        Assert.All(FilmPlan.Create(Film(3, 30), Frames(6), "").Shots, shot => Assert.InRange(shot.Path.Zoom, 1.02, 1.04));
    }

    internal static FilmSettings Film(double duration, int fps) =>
        new() { DurationSeconds = duration, Fps = fps, Width = 1280, Height = 720, Seed = 7 };

    internal static FilmFrame[] Frames(int count) => [.. Enumerable.Range(1, count).Select(Frame)];

    private static FilmFrame Frame(int number) => new(number, number.ToString("x64"), 1280, 720);

    private static IEnumerable<(int Count, double Duration, int Fps, FilmPlan Plan)> Plans() =>
        from fps in Rates
        from count in Counts
        from duration in Durations
        where duration * fps >= count
        select (count, duration, fps, FilmPlan.Create(Film(duration, fps), Frames(count), ""));
}
