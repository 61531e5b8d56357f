using static FrameService.Generation.Reading.SceneWords;

namespace FrameService.Generation.Reading;

/// <summary>Reads words as a scene. A pure function of its text: nothing is guessed beyond the vocabulary.</summary>
internal static class SceneReader
{
    private const int MaxSubjects = 4;

    // Nobody's scene is longer; reading more would only cost time.
    private const int MaxLength = 4000;

    public static SceneDescription Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return SceneDescription.Nothing;
        var words = Split(text.Length > MaxLength ? text[..MaxLength] : text);
        var subjects = new List<NamedSubject>();
        Setting? setting = null;
        TimeOfDay? time = null;
        Weather? weather = null;

        for (var i = 0; i < words.Count; i++)
        {
            var pair = i + 1 < words.Count ? words[i].Text + " " + (words[i + 1].Singulars.Count > 0 ? words[i + 1].Singulars[^1] : words[i + 1].Text) : null;
            var exactPair = i + 1 < words.Count ? words[i].Text + " " + words[i + 1].Text : null;
            if (Lookup(Vocabulary.Subjects, words[i], pair, exactPair, out var kind, out var plural, out var ofPair))
                Add(subjects, new NamedSubject(kind, CountOf(words, i, plural), ColourBefore(words, i)));
            if (setting is null && Lookup(Vocabulary.Settings, words[i], pair, exactPair, out var where, out _, out _)) setting = where;
            if (time is null && Lookup(Vocabulary.Times, words[i], pair, exactPair, out var when, out _, out _)) time = when;
            if (weather is null && Lookup(Vocabulary.Weathers, words[i], pair, exactPair, out var sky, out _, out _)) weather = sky;
            if (ofPair) i++;
        }

        return new SceneDescription(setting, time, weather, subjects, ShotOf(text), CameraOf(text));
    }

    /// <summary>A scene on the ground of the film it belongs to: what the scene leaves open is taken from the film, and the film's first subject is kept in sight.</summary>
    public static SceneDescription Within(this SceneDescription scene, SceneDescription film)
    {
        var subjects = new List<NamedSubject>();
        foreach (var named in scene.Subjects)
        {
            // "the boat" in a film about a red paper boat is that boat.
            var known = film.Subjects.FirstOrDefault(s => Vocabulary.IsSameThing(s.Kind, named.Kind));
            Add(subjects, known is null ? named : named with { Kind = known.Kind, Colour = named.Colour ?? known.Colour });
        }

        foreach (var kept in film.Subjects)
        {
            if (subjects.Count < 2) Add(subjects, kept);
        }

        return scene with
        {
            Setting = scene.Setting ?? film.Setting,
            Time = scene.Time ?? film.Time,
            Weather = scene.Weather,
            Subjects = subjects,
            Shot = scene.Shot ?? film.Shot,
            Camera = scene.Camera ?? film.Camera,
        };
    }

    /// <summary>Where the words name no place, the place in which the film's subject is at home, else the scene's.</summary>
    public static SceneDescription Settled(this SceneDescription scene, SceneDescription? film = null) =>
        scene.Setting is null ? scene with { Setting = HomeOf(film?.Subjects ?? []) ?? HomeOf(scene.Subjects) } : scene;

    private static bool Lookup<T>(Dictionary<string, T> table, Word word, string? pair, string? exactPair, out T value, out bool plural, out bool ofPair)
    {
        plural = false;
        ofPair = true;
        if (exactPair is not null && table.TryGetValue(exactPair, out value!)) return true;
        if (pair is not null && table.TryGetValue(pair, out value!)) return plural = true;
        ofPair = false;
        if (table.TryGetValue(word.Text, out value!)) return true;
        foreach (var singular in word.Singulars)
        {
            if (table.TryGetValue(singular, out value!)) return plural = true;
        }

        value = default!;
        return false;
    }

    private static void Add(List<NamedSubject> subjects, NamedSubject subject)
    {
        var same = subjects.FindIndex(s => s.Kind == subject.Kind);
        if (same >= 0) subjects[same] = subjects[same] with { Count = Math.Max(subjects[same].Count, subject.Count), Colour = subjects[same].Colour ?? subject.Colour };
        else if (subjects.Count < MaxSubjects) subjects.Add(subject);
    }

    private static int CountOf(IReadOnlyList<Word> words, int at, bool plural)
    {
        for (var i = at - 1; i >= Math.Max(0, at - 2); i--)
        {
            if (Vocabulary.Numbers.TryGetValue(words[i].Text, out var count)) return count;
        }

        return plural ? 5 : 1;
    }

    private static uint? ColourBefore(IReadOnlyList<Word> words, int at)
    {
        for (var i = at - 1; i >= Math.Max(0, at - 2); i--)
        {
            if (Vocabulary.Colours.TryGetValue(words[i].Text, out var colour)) return colour;
        }

        return null;
    }

    private static Setting? HomeOf(IReadOnlyList<NamedSubject> subjects)
    {
        foreach (var subject in subjects)
        {
            if (Vocabulary.Homes.TryGetValue(subject.Kind, out var home)) return home;
        }

        return null;
    }

    private static ShotSize? ShotOf(string text)
    {
        foreach (var (words, shot) in Vocabulary.Shots)
        {
            if (text.Contains(words, StringComparison.OrdinalIgnoreCase)) return shot;
        }

        return null;
    }

    private static CameraMove? CameraOf(string text)
    {
        foreach (var (words, camera) in Vocabulary.Cameras)
        {
            if (text.Contains(words, StringComparison.OrdinalIgnoreCase)) return camera;
        }

        return null;
    }
}
