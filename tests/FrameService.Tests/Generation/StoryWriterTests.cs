using System.Globalization;
using System.Text.RegularExpressions;
using FrameService.Generation;
using FrameService.Generation.Reading;
using FrameService.Generation.Writing;
using FrameVideo.Contracts;

namespace FrameService.Tests.Generation;

public class StoryWriterTests
{
    private const string Boat = "A paper boat crosses a stormy sea, finds a lighthouse and comes home";

    public static TheoryData<int, double> CountsAndDurations => new() { { 1, 2 }, { 2, 10 }, { 3, 10 }, { 6, 30 }, { 7, 600 }, { 120, 599.9 }, { 999, 2 }, { 1000, 600 } };

    [Theory]
    [MemberData(nameof(CountsAndDurations))]
    public async Task Every_frame_has_one_scene_and_the_scenes_fill_the_film(int count, double duration)
    {
        var written = await Write(Boat, count, duration);

        Assert.Equal(count, written.Story.Scenes.Count);
        Assert.Equal(count, written.FramePrompts.Count);
        Assert.Equal(Enumerable.Range(1, count), written.Story.Scenes.Select(s => s.SceneNumber));
        var at = 0m;
        foreach (var scene in written.Story.Scenes)
        {
            var ends = scene.Timeframe.Split('-').Select(Seconds).ToArray();
            Assert.Equal(at, ends[0]);
            Assert.True(ends[1] > ends[0]);
            at = ends[1];
        }

        Assert.Equal((decimal)duration, at);
    }

    [Fact]
    public async Task Timeframes_read_as_minutes_and_seconds()
    {
        var written = await Write(Boat, 14, 70);

        Assert.Equal("0:00-0:05", written.Story.Scenes[0].Timeframe);
        Assert.Equal("0:55-1:00", written.Story.Scenes[11].Timeframe);
        Assert.Equal("1:05-1:10", written.Story.Scenes[13].Timeframe);
    }

    [Fact]
    public async Task A_clause_that_lost_its_subject_gets_it_back()
    {
        var written = await Write(Boat, 3);

        Assert.Equal<string[]>(["A paper boat crosses a stormy sea.", "The paper boat finds a lighthouse.", "The paper boat comes home."], [.. Told(written)]);
        Assert.Equal("The Paper Boat", written.Story.Title);
    }

    [Fact]
    public async Task A_long_prompt_tells_its_own_sentences()
    {
        const string prompt = "Mira wakes before dawn. The village is asleep. She takes the old lantern, walks down to the harbour and waits. A ship appears in the fog!";
        var written = await Write(prompt, 4);

        Assert.Equal<string[]>(["Mira wakes before dawn.", "The village is asleep.", "She takes the old lantern, walks down to the harbour and waits.", "A ship appears in the fog!"], [.. Told(written)]);
    }

    [Theory]
    [InlineData("dragon")]
    [InlineData("Freedom")]
    [InlineData("two old friends")]
    [InlineData("The wolves of the northern forest")]
    [InlineData("Ein Papierboot fährt über das Meer und findet einen Leuchtturm")]
    [InlineData("Un bateau en papier traverse la mer")]
    [InlineData("一只纸船穿过暴风雨的大海，找到灯塔")]
    [InlineData("Паперовий човен перетинає море")]
    public async Task No_sentence_follows_itself_whatever_the_prompt(string prompt)
    {
        var scenes = (await Write(prompt, 200)).Story.Scenes;

        for (var i = 1; i < scenes.Count; i++) Assert.False(scenes[i - 1].Description == scenes[i].Description, scenes[i].Description);
        Assert.DoesNotContain(scenes, s => s.Description.Contains("{S}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_users_words_are_not_mangled_in_any_script()
    {
        foreach (var prompt in new[] { "紙の船が嵐の海を渡る", "مركب ورقي يعبر البحر", "Ένα χάρτινο καράβι", "एक कागज़ की नाव", "👨‍👩‍👧‍👦 at the beach" })
        {
            var written = await Write(prompt, 5);
            Assert.StartsWith(prompt, written.Story.Scenes[0].Description, StringComparison.Ordinal);
            Assert.All(written.FramePrompts, p => Assert.Contains(prompt, p, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Hostile_prompts_are_only_text()
    {
        foreach (var prompt in Prompts.Hostile)
        {
            var written = await Write(prompt, 7);
            Assert.Equal(7, written.Story.Scenes.Count);
            Assert.All(written.Story.Scenes, s => Assert.InRange(s.Description.Length, 1, 1_300));
            Assert.All(written.FramePrompts, p => Assert.DoesNotContain(p, char.IsControl));
            Assert.NotEmpty(written.Story.Title);
        }
    }

    [Fact]
    public async Task The_same_seed_tells_the_same_story_and_another_seed_another()
    {
        var first = await Write(Boat, 12, seed: 5);
        var again = await Write(Boat, 12, seed: 5);
        var other = await Write(Boat, 12, seed: 6);

        Assert.Equal(first.FramePrompts, again.FramePrompts);
        Assert.NotEqual(first.FramePrompts, other.FramePrompts);
    }

    [Fact]
    public async Task Frame_prompts_name_shot_scene_style_and_mood()
    {
        var prompts = (await Write(Boat, 6)).FramePrompts;

        Assert.Matches(new Regex("^Extreme wide shot, push in\\. A paper boat crosses a stormy sea\\. .*Digital Art style, mysterious mood\\.$"), prompts[0]);
        Assert.All(prompts, p => Assert.Contains("paper boat", p, StringComparison.OrdinalIgnoreCase));
        Assert.True(prompts.Select(p => p[..p.IndexOf(',', StringComparison.Ordinal)]).Distinct(StringComparer.Ordinal).Count() >= 3);
    }

    [Fact]
    public void The_writers_own_sentences_name_nothing_that_the_artist_would_draw()
    {
        foreach (var sentence in Beats.All)
            Assert.Equivalent(SceneDescription.Nothing, SceneReader.Read(sentence.Replace("{S}", "it", StringComparison.Ordinal)), strict: true);
    }

    [Theory]
    [InlineData("A paper boat crosses the sea", "a paper boat")]
    [InlineData("Two astronauts in love", "Two astronauts")]
    [InlineData("dragon", "the dragon")]
    [InlineData("Mira wakes before dawn", "Mira")]
    [InlineData("Freedom", null)]
    [InlineData("Running through the rain", null)]
    public void The_subject_is_a_noun_phrase_or_nothing(string sentence, string? subject) => Assert.Equal(subject, English.Subject(sentence), ignoreCase: true);

    private static Task<WrittenStory> Write(string prompt, int count, double duration = 30, long seed = 1) =>
        new DraftStoryWriter().WriteAsync(new StoryBrief(prompt, count, duration, Style.DigitalArt, Mood.Mysterious, seed), CancellationToken.None);

    private static IEnumerable<string> Told(WrittenStory written) => written.Story.Scenes.Select(s => s.Description);

    private static decimal Seconds(string text)
    {
        var parts = text.Split(':');
        return (decimal.Parse(parts[0], CultureInfo.InvariantCulture) * 60) + decimal.Parse(parts[1], CultureInfo.InvariantCulture);
    }
}
