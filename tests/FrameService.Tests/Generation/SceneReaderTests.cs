using FrameService.Generation.Reading;

namespace FrameService.Tests.Generation;

public class SceneReaderTests
{
    [Theory]
    [InlineData("A paper boat crosses a stormy sea", Setting.Sea, SubjectKind.PaperBoat, null, Weather.Storm)]
    [InlineData("Paper boats on the lake at dawn", Setting.Lake, SubjectKind.PaperBoat, TimeOfDay.Dawn, null)]
    [InlineData("The wolves howl in the moonlit forest", Setting.Forest, SubjectKind.Wolf, TimeOfDay.Night, null)]
    [InlineData("A red car on a mountain road at sunset", Setting.Road, SubjectKind.Car, TimeOfDay.Dusk, null)]
    [InlineData("An astronaut", Setting.Space, SubjectKind.Astronaut, null, null)]
    [InlineData("A knight in the fog", Setting.Mountain, SubjectKind.Knight, null, Weather.Fog)]
    [InlineData("Kitten with a candle in the kitchen", Setting.Interior, SubjectKind.Cat, null, null)]
    [InlineData("Ein Leuchtturm am Meer bei Nacht", Setting.Sea, SubjectKind.Lighthouse, TimeOfDay.Night, null)]
    [InlineData("Un château dans la forêt", Setting.Forest, SubjectKind.Castle, null, null)]
    [InlineData("Una niña en la playa", Setting.Beach, SubjectKind.Child, null, null)]
    [InlineData("cherries", null, null, null, null)]
    [InlineData("", null, null, null, null)]
    public void Words_are_read_as_a_scene(string text, object? setting, object? subject, object? time, object? weather)
    {
        var scene = SceneReader.Read(text).Settled();

        Assert.Equal((Setting?)setting, scene.Setting);
        Assert.Equal((SubjectKind?)subject, scene.Subjects is [var first, ..] ? first.Kind : null);
        Assert.Equal((TimeOfDay?)time, scene.Time);
        Assert.Equal((Weather?)weather, scene.Weather);
    }

    [Fact]
    public void Plurals_and_numbers_are_counted()
    {
        Assert.Equal(5, SceneReader.Read("hot air balloons").Subjects[0].Count);
        Assert.Equal(3, SceneReader.Read("three little fish").Subjects[0].Count);
        Assert.Equal(2, SceneReader.Read("two foxes").Subjects[0].Count);
        Assert.Equal(1, SceneReader.Read("a balloon").Subjects[0].Count);
    }

    [Fact]
    public void A_colour_belongs_to_the_word_after_it()
    {
        var subjects = SceneReader.Read("a woman with a bright red umbrella and a cat").Subjects;

        Assert.Equal([SubjectKind.Woman, SubjectKind.Umbrella, SubjectKind.Cat], subjects.Select(s => s.Kind));
        Assert.Equal([null, 0xC8322Bu, null], subjects.Select(s => s.Colour));
    }

    [Fact]
    public void A_scene_takes_from_its_film_what_it_leaves_open()
    {
        var film = SceneReader.Read("A yellow paper boat crosses the sea at night");
        var scene = SceneReader.Read("The boat finds a lighthouse").Within(film);

        Assert.Equal(Setting.Sea, scene.Setting);
        Assert.Equal(TimeOfDay.Night, scene.Time);
        Assert.Equal(new NamedSubject(SubjectKind.PaperBoat, 1, 0xF2C230), scene.Subjects[0]);
        Assert.Equal(SubjectKind.Lighthouse, scene.Subjects[1].Kind);
    }

    [Fact]
    public void A_film_stays_in_its_place_when_a_scene_names_none()
    {
        var film = SceneReader.Read("Two foxes search for treasure");

        Assert.Equal(Setting.Forest, SceneReader.Read("They find a chest under a tree").Within(film).Settled(film).Setting);
    }

    [Theory]
    [InlineData("Close-up, push in. A cat.", ShotSize.CloseUp, CameraMove.PushIn)]
    [InlineData("Extreme wide shot, pan left. A cat.", ShotSize.ExtremeWide, CameraMove.PanLeft)]
    [InlineData("A cat.", null, null)]
    public void Shot_and_camera_are_read(string text, object? shot, object? camera)
    {
        var scene = SceneReader.Read(text);

        Assert.Equal((ShotSize?)shot, scene.Shot);
        Assert.Equal((CameraMove?)camera, scene.Camera);
    }

    [Fact]
    public void Hostile_text_is_read_without_harm()
    {
        foreach (var prompt in Prompts.Hostile) Assert.InRange(SceneReader.Read(prompt).Subjects.Count, 0, 4);
    }
}
