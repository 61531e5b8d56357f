using FrameVideo.Contracts;

namespace FrameVideo.Local.CommandLine;

/// <summary>The options that were given, each read and checked where it is taken.</summary>
internal sealed class OptionValues
{
    private static readonly string[] Names =
    [
        "--prompt", "--style", "--mood", "--duration", "--frames", "--ratio", "--seed", "--motion", "--transition", "--fit", "--resolution", "--fps", "--quality", "--captions",
        "--out", "--user", "--data", "--port", "--images", "--help", "--version",
    ];

    private readonly HashSet<string> _given = new(StringComparer.Ordinal);

    public string? Prompt { get; private set; }

    public Style? Style { get; private set; }

    public Mood? Mood { get; private set; }

    public double? Duration { get; private set; }

    public int? FrameCount { get; private set; }

    public AspectRatio? Ratio { get; private set; }

    public long? Seed { get; private set; }

    public Motion? Motion { get; private set; }

    public Transition? Transition { get; private set; }

    public Fit? Fit { get; private set; }

    public Resolution? Resolution { get; private set; }

    public int? Fps { get; private set; }

    public VideoQuality? Quality { get; private set; }

    public CaptionPlace? Captions { get; private set; }

    public string? Out { get; private set; }

    public UserId? User { get; private set; }

    public string? Data { get; private set; }

    public int? Port { get; private set; }

    /// <summary>Takes <c>--name value</c> or <c>--name=value</c>; says how many of the following arguments were used.</summary>
    public int Take(string argument, string? following)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument : argument[..equals];
        if (name == "-o") name = "--out";
        if (!Names.Contains(name)) throw new PlainFailure($"There is no option {name}{Suggestion(name)}; --help lists them all.", PlainFailure.Usage);

        var value = equals < 0 ? following : argument[(equals + 1)..];
        if (string.IsNullOrWhiteSpace(value) || (equals < 0 && value.StartsWith("--", StringComparison.Ordinal)))
            throw new PlainFailure($"{name} needs a value.", PlainFailure.Usage);
        Set(name, value);
        _given.Add(name);
        return equals < 0 ? 1 : 0;
    }

    /// <summary>Refuses options that mean nothing to what is asked for.</summary>
    public void AllowOnly(string command, params ReadOnlySpan<string> allowed)
    {
        foreach (var name in _given)
        {
            if (!allowed.Contains(name)) throw new PlainFailure($"{name} is not for {command}; it belongs to a film, with a prompt or --images.", PlainFailure.Usage);
        }
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--prompt": Prompt = value.Trim(); break;
            case "--style": Style = OptionReader.Choice<Style>(name, value); break;
            case "--mood": Mood = OptionReader.Choice<Mood>(name, value); break;
            case "--duration": Duration = OptionReader.Number(name, value.TrimEnd('s'), 2, 600, "seconds"); break;
            case "--frames": FrameCount = (int)OptionReader.Whole(name, value, 1, 1000); break;
            case "--ratio": Ratio = OptionReader.Ratio(name, value); break;
            case "--seed": Seed = OptionReader.Whole(name, value, 0, long.MaxValue); break;
            case "--motion": Motion = OptionReader.Choice<Motion>(name, value); break;
            case "--transition": Transition = OptionReader.Choice<Transition>(name, value); break;
            case "--fit": Fit = OptionReader.Choice<Fit>(name, value); break;
            case "--resolution": Resolution = OptionReader.Choice<Resolution>(name, value); break;
            case "--fps": Fps = OptionReader.OneOf(name, value, 24, 25, 30, 50, 60); break;
            case "--quality": Quality = OptionReader.Choice<VideoQuality>(name, value); break;
            case "--captions": Captions = OptionReader.Choice<CaptionPlace>(name, value); break;
            case "--out": Out = value; break;
            case "--user": User = OptionReader.User(name, value); break;
            case "--data": Data = value; break;
            case "--port": Port = (int)OptionReader.Whole(name, value, 1, 65535); break;
            default: throw new PlainFailure($"{name} takes no value.", PlainFailure.Usage);
        }
    }

    private static string Suggestion(string name)
    {
        var nearest = Names.MinBy(known => Distance(known, name))!;
        return Distance(nearest, name) <= 2 ? $" (did you mean {nearest}?)" : "";
    }

    /// <summary>How many letters differ, as Levenshtein counts them.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
