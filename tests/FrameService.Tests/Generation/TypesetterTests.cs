using FrameService.Generation.Drawing.Lettering;

namespace FrameService.Tests.Generation;

public class TypesetterTests
{
    [Fact]
    public void A_long_line_is_wrapped_and_ends_with_an_ellipsis()
    {
        using var setter = new Typesetter(24);
        var lines = setter.Set(string.Concat(Enumerable.Repeat("The boat goes on and on. ", 40)), 600, 2);

        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.InRange(line.Width, 1, 600));
        Assert.EndsWith("…", lines[1].Words[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_wider_than_the_strip_is_cut()
    {
        using var setter = new Typesetter(24);
        var line = Assert.Single(setter.Set(new string('W', 300), 400, 2));

        Assert.InRange(line.Width, 100, 400);
    }

    [Theory]
    [InlineData("🐉🔥🏰")]
    [InlineData("\u13a0\u13a1\u13a2 \U00010330\U00010331")]
    [InlineData("   ")]
    public void What_cannot_be_set_is_left_out(string text)
    {
        using var setter = new Typesetter(24);

        Assert.All(setter.Set(text, 400, 2).SelectMany(l => l.Words).SelectMany(w => w.Runs), run => Assert.All(run.Text.EnumerateRunes(), r => Assert.True(run.Face.ContainsGlyph(r.Value))));
    }

    [Fact]
    public void Hostile_text_stays_within_the_strip()
    {
        using var setter = new Typesetter(24);

        foreach (var prompt in Prompts.Hostile) Assert.All(setter.Set(prompt, 500, 2), line => Assert.InRange(line.Width, 0, 500));
    }

    [Fact]
    public void Emoji_go_and_their_sentence_stays()
    {
        using var setter = new Typesetter(24);

        Assert.Equal("A dragon wakes", string.Join(' ', Assert.Single(setter.Set("A dragon 🐉 wakes", 600, 2)).Words.Select(w => w.Text)));
    }
}
