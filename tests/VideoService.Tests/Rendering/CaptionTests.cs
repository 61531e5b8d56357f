using System.Text;
using FrameVideo.Contracts;
using SkiaSharp;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

/// <summary>What is written over and beside films. Scripts other than Latin need the machine's fonts, which <c>tests/ensure-servers</c> brings.</summary>
public sealed class CaptionTests
{
    private static readonly CaptionFonts Fonts = new(RenderingOptions.StandardFontFolders);

    public static TheoryData<string, string?> Texts => new()
    {
        { "A paper boat sets out.", "en" },
        { "A paper boat crosses a stormy sea by night, and is found in the morning by a child who has been waiting for it", "en" },
        { "قارب من الورق يعبر بحرا عاصفا في الساعة 12:30 ليلا", "ar" },
        { "סירת נייר חוצה 3 ימים סוערים (iPhone 15) ב-24.11", "he" },
        { "紙の船が、嵐の海を「ゆっくり」と渡っていく。朝になって、ずっと待っていた子どもが見つけた。", "ja" },
        { "Family 👨‍👩‍👧‍👦 on holiday 🇯🇵🇩🇪 — great! 👍🏽❤️", "en" },
        { "Crème brûlée, Ελλάδα, Москва, e\u0301a\u0308", null },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_caption_is_drawn_within_the_safe_area_in_every_script(string text, string? language)
    {
        var caption = Caption.Of(text, language)!;
        foreach (var (width, height) in new[] { (1280, 720), (720, 1280) })
        {
            var film = TestFilm.Small with { Width = width, Height = height };
            var frame = Ground(film);
            var before = frame.ToArray();
            new CaptionPainter(Fonts).Draw(caption, width, height).Over(frame, film, 1);
            Look(frame, film, text);
            var changed = Enumerable.Range(0, width * height).Where(i => frame[i] != before[i]).ToList();
            Assert.InRange(changed.Count, width * height / 100, width * height / 4);
            Assert.InRange(changed.Min(i => i % width), width * 0.045, width);
            Assert.InRange(changed.Max(i => i % width), 0, width * 0.955);
            Assert.InRange(changed.Max(i => i / width), 0, height * 0.905);
            // White on dark, on a picture of any brightness.
            Assert.Contains(changed, i => frame[i] > 225);
        }
    }

    [Fact]
    public void What_no_font_has_is_refused_and_named_and_Latin_needs_no_font_of_the_machine()
    {
        var bare = new CaptionPainter(new CaptionFonts([]));
        bare.Draw(Caption.Of("Grüße – Ελλάδα, Москва…", null)!, 1280, 720);
        foreach (var (text, script, package) in new[] { ("مرحبا", "Arabic", "as fonts-noto-core."), ("שלום", "Hebrew", "as fonts-noto-core."), ("こんにちは", "Japanese", "as fonts-noto-cjk."), ("漢字", "Chinese", "as fonts-noto-cjk."), ("👍", "emoji", "as fonts-noto-color-emoji."), ("\u0F40", "U+0F40", "as fonts-noto-core."), ("\uE123", "U+E123", "U+E123.") })
        {
            var missing = Assert.Throws<CaptionException>(() => bare.InputsOf(Caption.Of($"a {text}", null)!));
            Assert.Equal(ErrorCodes.CaptionFontMissing, missing.Code);
            Assert.Contains(script, missing.Message, StringComparison.Ordinal);
            Assert.EndsWith(package, missing.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("abc", "000")]
    [InlineData("אבג", "111")]
    [InlineData("abc אבג def", "00001110000")]
    [InlineData("אבג abc דה", "1111222111")]
    [InlineData("אבג 123, 45%", "111122211222")]
    [InlineData("אבג 12.5 ד", "1111222211")]
    [InlineData("مرحبا 123", "111111222")]
    [InlineData("(אבג)", "11111")]
    public void Text_of_both_directions_is_read_in_its_order(string text, string levels) => Assert.Equal(levels, string.Concat(Bidi.Levels(text, out _).Select(level => (char)('0' + level))));

    [Theory]
    [InlineData("🌊", true)]
    [InlineData("⛵", true)]
    [InlineData("⛵\uFE0E", false)]
    [InlineData("❤", false)]
    [InlineData("❤\uFE0F", true)]
    [InlineData("→", false)]
    [InlineData("1", false)]
    [InlineData("1\uFE0F\u20E3", true)]
    public void What_is_shown_in_colour_is_so_by_the_standard(string element, bool isEmoji) => Assert.Equal(isEmoji, Graphemes.IsEmoji(element));

    [Fact]
    public void A_line_is_read_as_its_paragraph_is_whatever_word_it_begins_with()
    {
        const string Text = "קניתי אתמול iPhone 15 חדש";
        var text = new CaptionText(Text, "he", Fonts);
        var line = (Text.IndexOf('i', StringComparison.Ordinal), Text.Length);
        // From left to right: the last word, and then what was bought.
        Assert.Equal(["חדש", " ", "iPhone 15"], text.Runs(line).Select(run => Text.Substring(run.Start, run.Length)));
    }

    [Theory]
    [InlineData("en", "eng")]
    [InlineData("zh-Hant", "zho")]
    [InlineData("JA", "jpn")]
    [InlineData("fil-PH", "fil")]
    [InlineData("xx", "und")]
    [InlineData(null, "und")]
    public void A_track_says_its_language_in_three_letters(string? tag, string code) => Assert.Equal(code, TrackLanguage.Of(tag));

    [Fact]
    public void A_script_that_has_no_plain_font_is_written_with_serifs() => new CaptionPainter(Fonts).InputsOf(Caption.Of("བོད", "bo")!);

    [Theory]
    [InlineData("\u200B")]
    [InlineData(" \u00AD \u200E\u2060\uFE0F ")]
    [InlineData("\u206A\uFFF9\u2061\U0001D173")]
    public void What_cannot_be_seen_is_no_caption(string text) => Assert.Null(Caption.Of(text, null));

    [Fact]
    public void A_text_of_any_length_is_set_in_three_lines_at_most_and_ends_with_an_ellipsis()
    {
        var painter = new CaptionPainter(Fonts);
        foreach (var word in new[] { "a paper boat ", "紙の船が", "قارب من الورق ", "boat" })
        {
            var lines = painter.LinesOf(Caption.Of(string.Concat(Enumerable.Repeat(word, 4000 / word.Length)), null)!, 1280, 720);
            Assert.Equal(3, lines.Count);
            Assert.EndsWith("…", lines[^1], StringComparison.Ordinal);
            Assert.InRange(lines.Max(line => line.Length) - lines.Min(line => line.Length), 0, 12);
        }
    }

    [Fact]
    public void Lines_end_where_each_script_lets_them()
    {
        Assert.Equal(["A ", "paper-", "boat ", "sets."], LineBreaks.Parts("A paper-boat sets."));
        Assert.Equal(["紙", "の", "船", "が、", "「嵐」", "の", "海。"], LineBreaks.Parts("紙の船が、「嵐」の海。"));
        Assert.Equal(2, LineBreaks.Parts("👨‍👩‍👧‍👦🇯🇵").Count);
    }

    [Fact]
    public void Words_that_no_space_parts_stay_whole()
    {
        // Brought with ffmpeg by the systems that the tests run on.
        Assert.StartsWith("icu ", WordBreaks.Version, StringComparison.Ordinal);
        Assert.Equal(["เด็ก", "พบ", "เรือ ", "2 ", "ลำ", "ใน", "ทะเล"], LineBreaks.Parts("เด็กพบเรือ 2 ลำในทะเล"));
        Assert.Equal(["ប្រទេស", "កម្ពុជា"], LineBreaks.Parts("ប្រទេសកម្ពុជា"));
        Assert.Equal(["ທະເລ", "ແລະ", "ເຮືອ"], LineBreaks.Parts("ທະເລແລະເຮືອ"));
        Assert.Equal(["boat ", "one"], LineBreaks.Parts("boat one"));
    }

    [Fact]
    public async Task A_changed_caption_touches_its_clip_and_its_joints_alone()
    {
        using var film = new TestFilm(TestFilm.Small with { BurnCaptions = true }, 4);
        Task<FilmPlan> PlanAsync(string second) => film.Renderer.PlanAsync(film.Settings, [.. film.Frames.Select(frame => frame with { Caption = Caption.Of(frame.Number == 2 ? second : $"Frame {frame.Number}", null) })], default);
        var (one, other) = (await PlanAsync("one"), await PlanAsync("other"));
        Assert.Equal([(PieceKind.Joint, 1), (PieceKind.Clip, 2), (PieceKind.Joint, 2)], one.Pieces.Zip(other.Pieces).Where(pair => pair.First.InputHash != pair.Second.InputHash).Select(pair => (pair.First.Kind, pair.First.Number)));
        // Where nothing is drawn, nothing hangs on it.
        Assert.Equal((await film.PlanAsync()).Pieces[0].InputHash, (await film.Renderer.PlanAsync(film.Settings with { BurnCaptions = false }, [.. film.Frames.Select(frame => frame with { Caption = new Caption("x", null) })], default)).Pieces[0].InputHash);
    }

    [Fact]
    public async Task Captions_are_drawn_in_clips_and_are_never_two_at_a_time_in_joints()
    {
        using var film = new TestFilm(TestFilm.Small with { BurnCaptions = true, Motion = Motion.None }, 2);
        var plan = await film.Renderer.PlanAsync(film.Settings, [.. film.Frames.Select(frame => frame with { Caption = Caption.Of($"Frame {frame.Number}", null) })], default);
        using var pictures = film.Pictures(plan);
        var painter = new CaptionPainter(Fonts);
        var joint = plan.Pieces.Single(piece => piece.Kind == PieceKind.Joint);
        PicturePlanes[] planes = [await pictures.GetAsync(1, default), await pictures.GetAsync(2, default)];
        var images = joint.Shots.Select(shot => (CaptionImage?)painter.Draw(shot.Caption!, 320, 180)).ToList();
        byte[] Frame(Piece piece, PicturePlanes[] of, IReadOnlyList<CaptionImage?>? captions, int index) => new PieceFrames(plan.Settings, piece, of, captions).Render(index).ToArray();

        for (var i = 0; i < joint.FrameCount; i++)
        {
            var bare = Frame(joint, planes, null, i);
            var first = Frame(joint, planes, [images[0], null], i).AsSpan().SequenceEqual(bare);
            var second = Frame(joint, planes, [null, images[1]], i).AsSpan().SequenceEqual(bare);
            Assert.True(first || second, $"Both are seen in {i} of {joint.FrameCount}.");
        }

        var clip = plan.Pieces[0];
        var frames = new PieceFrames(plan.Settings, clip, [planes[0]], [images[0]]);
        var (one, later) = (frames.Render(0).ToArray(), frames.Render(5).ToArray());
        Assert.NotEqual(Frame(clip, [planes[0]], null, 0), one);
        // A picture that stands still is drawn once, the caption over it too.
        Assert.Equal(one, later);
    }

    [Fact]
    public async Task The_file_of_captions_has_the_times_of_the_plan_and_no_markup_and_becomes_a_track()
    {
        foreach (var format in new[] { VideoFormat.Mp4, VideoFormat.WebM })
        {
            using var film = new TestFilm(TestFilm.Small with { Format = format }, 3);
            var plan = await film.Renderer.PlanAsync(film.Settings, [.. film.Frames.Select(frame => frame with { Caption = frame.Number == 2 ? null : Caption.Of("a --> b\n\n<i>&amp;</i>\u0001\u202E end", null) })], default);
            const string Text = "a --&gt; b &lt;i&gt;&amp;amp;&lt;/i&gt; end";
            Assert.Equal($"WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.680\n{Text}\n\n3\n00:00:03.320 --> 00:00:05.000\n{Text}\n", WebVtt.Write(plan));

            var vtt = film.PathOf("captions.vtt");
            await File.WriteAllTextAsync(vtt, WebVtt.Write(plan));
            var silent = await film.RenderAsync(plan, "film");
            var paths = plan.Pieces.Select((_, i) => film.PathOf($"film-{i}.{film.Settings.Extension}")).ToArray();
            var whole = film.PathOf($"captioned.{film.Settings.Extension}");
            await film.Renderer.MergeAsync(plan, paths, new FilmTracks(null, vtt, "de-AT"), whole, default);
            Assert.Equal("deu", Encoding.ASCII.GetString((await TestFilm.RunAsync("ffprobe", "-v", "error", "-select_streams", "s:0", "-show_entries", "stream_tags=language", "-of", "csv=p=0", whole)).Output).Trim());
            var (read, _) = await TestFilm.RunAsync("ffmpeg", "-v", "error", "-i", whole, "-map", "0:s:0", "-f", "webvtt", "-");
            Assert.Contains("00:01.680\n", Encoding.UTF8.GetString(read), StringComparison.Ordinal);
            Assert.Contains("00:03.320 --> 00:05.000", Encoding.UTF8.GetString(read), StringComparison.Ordinal);
            Assert.NotEqual(new FileInfo(silent).Length, new FileInfo(whole).Length);
        }
    }

    private static byte[] Ground(FilmSettings film)
    {
        var frame = new byte[film.Width * film.Height * 3 / 2];
        frame.AsSpan().Fill(128);
        for (var i = 0; i < film.Width * film.Height; i++) frame[i] = (byte)(40 + (180 * (i % film.Width) / film.Width));
        return frame;
    }

    /// <summary>For people who look.</summary>
    private static void Look(byte[] frame, FilmSettings film, string text)
    {
        if (Environment.GetEnvironmentVariable("FRAMEVIDEO_LOOK") is not { Length: > 0 } folder) return;
        using var bitmap = ColourMatrix.ToBitmap(frame, film.Width, film.Height);
        using var file = File.Create(Path.Combine(folder, $"{(uint)StringComparer.Ordinal.GetHashCode(text):x}-{film.Width}.png"));
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}
