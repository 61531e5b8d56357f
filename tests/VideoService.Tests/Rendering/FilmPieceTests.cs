using FrameVideo.Contracts;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

/// <summary>What holds for every film, whatever is asked for: many are made by chance, the same ones each time.</summary>
public sealed class FilmPieceTests
{
    private const int Films = 400;

    [Fact]
    public void Pieces_cover_every_film_exactly_and_stand_where_the_seconds_say()
    {
        foreach (var (film, frames) in ByChance())
        {
            var plan = FilmPlan.Create(film, frames, "");
            var at = 0;
            foreach (var piece in plan.Pieces)
            {
                Assert.Equal(at, piece.StartFrame);
                Assert.True(piece.FrameCount > 0);
                at += piece.FrameCount;
            }
            Assert.Equal((int)Math.Round(film.DurationSeconds * film.Fps, MidpointRounding.AwayFromZero), at);
            Assert.Equal(frames.Length, plan.Pieces.Count(piece => piece.Kind == PieceKind.Clip));

            var all = frames.Sum(frame => frame.Share);
            for (var i = 0; i < frames.Length; i++)
                Assert.Equal(frames.Take(i).Sum(frame => frame.Share) / all * film.DurationSeconds * film.Fps, plan.Shots[i].StartFrame, 0.5 + 1e-6);
            foreach (var (i, joint) in plan.Joints.Index())
            {
                var (wish, shorter) = (frames[i].Joint, Math.Min(plan.Shots[i].FrameCount, plan.Shots[i + 1].FrameCount));
                Assert.Equal(plan.Shots[i + 1].StartFrame * 2, joint.StartFrame * 2 + joint.FrameCount);
                Assert.InRange(joint.FrameCount, 0, shorter / 2);
                var seconds = joint.Transition == Transition.Cut ? 0 : wish?.Seconds ?? film.TransitionSeconds;
                Assert.Equal(Math.Min(seconds * film.Fps, shorter / 4 * 2), joint.FrameCount, 1.0);
            }
        }
    }

    [Fact]
    public void A_changed_picture_motion_or_focus_changes_one_clip_and_at_most_two_joints()
    {
        var random = new Random(2);
        foreach (var (film, frames) in ByChance())
        {
            var before = FilmPlan.Create(film, frames, "");
            var i = random.Next(frames.Length);
            var number = frames[i].Number;
            var look = frames[i].Look ?? new FrameSettings { Number = number };
            FilmFrame[] changes =
            [
                frames[i] with { Sha256 = new string('f', 64) },
                frames[i] with { Look = look with { Motion = (look.Motion ?? film.Motion) == Motion.PanUp ? Motion.PanDown : Motion.PanUp } },
                frames[i] with { Look = look with { Focus = new FocusPoint { X = random.NextDouble(), Y = random.NextDouble() } } },
            ];
            foreach (var changed in changes)
            {
                var after = FilmPlan.Create(film, [.. frames.Select((frame, at) => at == i ? changed : frame)], "");
                var differing = Differing(before, after);
                Assert.InRange(differing.Count(piece => piece.Kind == PieceKind.Joint), 0, 2);
                Assert.InRange(differing.Count(piece => piece.Kind == PieceKind.Clip), 0, 1);
                Assert.All(differing, piece => Assert.Contains(number, piece.FrameNumbers));
                if (changed.Sha256 != frames[i].Sha256) Assert.Equal(before.Pieces.Count(piece => piece.FrameNumbers.Contains(number)), differing.Count);
            }
        }
    }

    [Fact]
    public void A_changed_transition_changes_its_joint_alone_and_another_length_the_clips_beside_it()
    {
        var random = new Random(3);
        foreach (var (film, frames) in ByChance())
        {
            var before = FilmPlan.Create(film, frames, "");
            var joints = before.Joints.Index().Where(joint => joint.Item.FrameCount > 2).ToList();
            if (joints.Count == 0) continue;
            var (i, joint) = joints[random.Next(joints.Count)];
            var wish = frames[i].Joint ?? new JointSettings { After = frames[i].Number };

            var other = joint.Transition == Transition.Wipe ? Transition.FadeBlack : Transition.Wipe;
            var differing = Differing(before, With(wish with { Transition = other }));
            Assert.Equal([(PieceKind.Joint, joint.After)], differing.Select(piece => (piece.Kind, piece.Number)));

            var cut = With(wish with { Transition = Transition.Cut, Seconds = null });
            Assert.All(Differing(before, cut), piece => Assert.True(piece.Number == joint.After || (piece.Kind == PieceKind.Clip && piece.Number == frames[i + 1].Number)));

            FilmPlan With(JointSettings joint) => FilmPlan.Create(film, [.. frames.Select((frame, at) => at == i ? frame with { Joint = joint } : frame)], "");
        }
    }

    [Fact]
    public void A_camera_stays_within_its_canvas_and_goes_on_evenly_from_piece_to_piece()
    {
        foreach (var (film, frames) in ByChance())
        {
            var plan = FilmPlan.Create(film, frames, "");
            foreach (var shot in plan.Shots)
            {
                var pieces = plan.Pieces.Where(piece => piece.FrameNumbers.Contains(shot.Number)).ToList();
                var views = new List<View>();
                for (var at = pieces[0].StartFrame; at < pieces[^1].StartFrame + pieces[^1].FrameCount; at++) views.Add(shot.ViewAt(at));
                Assert.All(views.Append(shot.Path.From).Append(shot.Path.To), view =>
                {
                    Assert.InRange(view.Size, 1 / MotionPath.MaxZoom - 1e-9, 1 + 1e-12);
                    Assert.InRange(view.Left, -1e-12, 1 - view.Size + 1e-12);
                    Assert.InRange(view.Top, -1e-12, 1 - view.Size + 1e-12);
                });
                var steps = views.Zip(views.Skip(1), (a, b) => (b.Left - a.Left, b.Top - a.Top, b.Size - a.Size)).ToList();
                Assert.All(steps, step =>
                {
                    Assert.Equal(steps[0].Item1, step.Item1, 1e-9);
                    Assert.Equal(steps[0].Item2, step.Item2, 1e-9);
                    Assert.Equal(steps[0].Item3, step.Item3, 1e-9);
                });
            }
        }
    }

    private static List<Piece> Differing(FilmPlan before, FilmPlan after)
    {
        var hashes = after.Pieces.Select(piece => piece.InputHash).ToHashSet();
        return [.. before.Pieces.Where(piece => !hashes.Contains(piece.InputHash))];
    }

    private static IEnumerable<(FilmSettings Film, FilmFrame[] Frames)> ByChance()
    {
        var random = new Random(1);
        for (var i = 0; i < Films; i++)
        {
            var size = Pick([.. AspectRatio.All]);
            var film = new FilmSettings
            {
                DurationSeconds = 1,
                Fps = Pick(24, 25, 30, 50, 60),
                Width = size.Width,
                Height = size.Height,
                Motion = Pick(Enum.GetValues<Motion>()),
                Transition = Pick(Enum.GetValues<Transition>()),
                TransitionSeconds = 0.1 + 3 * random.NextDouble(),
                Direction = Pick(Enum.GetValues<Direction>()),
                Fit = Pick<Fit?>(null, null, Fit.Cover, Fit.Contain, Fit.Pad),
                Seed = random.Next(),
            };
            var frames = Enumerable.Range(1, random.Next(1, 12)).Where(number => number == 1 || random.Next(8) > 0).Select(number => new FilmFrame(number, $"{i:x32}{number:x32}", random.Next(3000), random.Next(3000))
            {
                Share = Math.Round(0.5 + 6 * random.NextDouble(), random.Next(4)),
                Look = Maybe(() => new FrameSettings { Number = number, Motion = MaybeOf(Enum.GetValues<Motion>()), Focus = Maybe(() => new FocusPoint { X = random.NextDouble(), Y = random.NextDouble() }) }),
                Joint = Maybe(() => new JointSettings { After = number, Transition = MaybeOf(Enum.GetValues<Transition>()), Seconds = 0.1 + 5 * random.NextDouble(), Direction = MaybeOf(Enum.GetValues<Direction>()) }),
            }).ToArray();
            yield return (film with { DurationSeconds = frames.Sum(frame => frame.Share) }, frames);
        }

        T Pick<T>(params T[] values) => values[random.Next(values.Length)];
        T? Maybe<T>(Func<T> make) where T : class => random.Next(2) == 0 ? make() : null;
        T? MaybeOf<T>(T[] values) where T : struct => random.Next(2) == 0 ? Pick(values) : null;
    }
}
