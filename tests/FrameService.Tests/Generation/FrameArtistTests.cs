using System.Security.Cryptography;
using FrameService.Generation;
using FrameService.Generation.Drawing;
using FrameService.Generation.Drawing.Subjects;
using FrameService.Generation.Reading;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using SkiaSharp;

namespace FrameService.Tests.Generation;

public class FrameArtistTests
{
    private static readonly FrameBrief Boat =
        new("A paper boat near the lighthouse at sea", "The paper boat drifts on.", null, 2, 6, Style.Realistic, Mood.Calm, default, 42);

    [Fact]
    public async Task The_same_brief_gives_the_same_bytes()
    {
        var drawn = await Task.WhenAll(Draw(Boat), Draw(Boat), Draw(Boat));

        Assert.Equal(drawn[0].Bytes, drawn[1].Bytes);
        Assert.Equal(drawn[0].Bytes, drawn[2].Bytes);
        Assert.NotEqual(drawn[0].Bytes, (await Draw(Boat with { Seed = 43 })).Bytes);
        Assert.NotEqual(drawn[0].Bytes, (await Draw(Boat with { Number = 3 })).Bytes);
    }

    [Fact]
    public async Task A_picture_that_a_person_gives_lends_its_colours_and_an_earlier_frame_does_not()
    {
        var orange = Pictures.Png(64, 36, 0xffe08030);
        var reference = new Anchor(orange, "image/png", "png", Pictures.Sha256(orange), IsReference: true);
        var (plain, after, beside) = (await Draw(Boat), await Draw(Boat with { Anchor = reference }), await Draw(Boat with { Anchor = reference with { IsReference = false } }));
        Assert.True(Warmth(after) > Warmth(plain) + 20, $"{Warmth(after)} after {Warmth(plain)}");
        Assert.Equal(plain.Bytes, beside.Bytes);
        // What cannot be decoded lends nothing.
        Assert.Equal(plain.Bytes, (await Draw(Boat with { Anchor = new Anchor([1, 2, 3], "image/png", "png", "none", IsReference: true) })).Bytes);

        static int Warmth(DrawnFrame frame)
        {
            using var picture = SKBitmap.Decode(frame.Bytes);
            return picture.GetPixel(1000, 60) is var sky ? sky.Red - sky.Blue : 0;
        }
    }

    [Fact]
    public async Task Every_aspect_ratio_is_drawn_in_its_own_size()
    {
        foreach (var ratio in AspectRatio.All)
        {
            var drawn = await Draw(Boat with { AspectRatio = ratio, Style = Style.Cartoon });
            using var codec = SKCodec.Create(new MemoryStream(drawn.Bytes));

            Assert.Equal((ratio.Width, ratio.Height), (drawn.Width, drawn.Height));
            Assert.Equal((ratio.Width, ratio.Height), (codec.Info.Width, codec.Info.Height));
            Assert.Equal("image/jpeg", drawn.ContentType);
            Assert.InRange(drawn.Bytes.Length, 10_000, 1_500_000);
        }
    }

    [Fact]
    public async Task Every_style_and_every_mood_differs()
    {
        var briefs = Enum.GetValues<Style>().Select(style => Boat with { Style = style }).Concat(Enum.GetValues<Mood>().Select(mood => Boat with { Style = Style.Cartoon, Mood = mood }));
        var thumbs = new List<int[]>();
        foreach (var brief in briefs) thumbs.Add(Thumb((await Draw(brief)).Bytes));

        for (var i = 0; i < thumbs.Count; i++)
        {
            for (var j = i + 1; j < thumbs.Count; j++)
            {
                // The calm cartoon is in both rows.
                if (thumbs[i].SequenceEqual(thumbs[j])) Assert.Equal((2, 7), (i, j));
                else Assert.True(thumbs[i].Zip(thumbs[j], (a, b) => Math.Abs(a - b)).Average() > 1.5, $"{i} and {j} look alike.");
            }
        }
    }

    [Fact]
    public async Task Hostile_words_are_drawn_like_any()
    {
        // The reader's and the typesetter's own tests take them all.
        foreach (var prompt in Prompts.Hostile.Where((_, i) => i % 3 == 0))
            Assert.NotEmpty((await Draw(Boat with { Prompt = prompt, Line = prompt, SceneStory = prompt, Style = Style.Cartoon, AspectRatio = AspectRatio.Parse("960:960") })).Bytes);
    }

    [Fact]
    public async Task Every_place_can_be_drawn()
    {
        string[] places = ["sea", "harbour", "beach", "lake", "underwater", "city", "street", "village", "forest", "mountain", "desert", "snow", "field", "garden", "space", "kitchen", "road", "sky", "idea"];
        var styles = Enum.GetValues<Style>();
        var drawn = await Task.WhenAll(places.Select((place, i) =>
            Draw(Boat with { Prompt = place, Line = "", Style = styles[i % styles.Length], AspectRatio = AspectRatio.Parse("960:960") })));
        Assert.Equal(places.Length, drawn.Select(d => Convert.ToHexString(SHA256.HashData(d.Bytes))).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_subject_has_a_drawing()
    {
        foreach (var kind in Enum.GetValues<SubjectKind>())
        {
            foreach (var part in SubjectArt.Of(kind).Parts)
            {
                using var path = part.ToPath();
                Assert.False(path.IsEmpty, $"{kind}: {part.Form}");
            }
        }
    }

    [Fact]
    public async Task A_place_outside_the_film_is_drawn_at_its_end() =>
        Assert.NotEmpty((await Draw(Boat with { Number = 9, Total = 0, Style = Style.Cartoon })).Bytes);

    private static Task<DrawnFrame> Draw(FrameBrief brief) => new DraftFrameArtist().DrawAsync(brief, CancellationToken.None);

    private static int[] Thumb(byte[] bytes)
    {
        using var picture = SKBitmap.Decode(bytes);
        using var small = picture.Resize(new SKImageInfo(64, 36), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return [.. small.Pixels.SelectMany(p => new int[] { p.Red, p.Green, p.Blue })];
    }
}
