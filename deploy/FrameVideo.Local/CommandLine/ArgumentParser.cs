namespace FrameVideo.Local.CommandLine;

/// <summary>Reads the command line; whatever is wrong with it becomes one sentence.</summary>
internal static class ArgumentParser
{
    /// <exception cref="PlainFailure">The arguments make no command.</exception>
    public static Command Parse(IReadOnlyList<string> args)
    {
        var options = new OptionValues();
        var words = new List<string>();
        var images = new List<string>();
        var takesImages = false;
        var literal = false;
        for (var i = 0; i < args.Count; i++)
        {
            var arg = args[i];
            if (literal || !arg.StartsWith('-') || arg == "-") (takesImages ? images : words).Add(arg);
            else if (arg == "--") literal = true;
            else if (arg is "--help" or "-h") return new ShowHelp();
            else if (arg == "--version") return new ShowVersion();
            else if (arg == "--images") takesImages = true;
            else
            {
                // The values of --images end where the next option stands.
                takesImages = false;
                i += options.Take(arg, i + 1 < args.Count ? args[i + 1] : null);
            }
        }

        if (takesImages && images.Count == 0) throw new PlainFailure("--images needs at least one picture.", PlainFailure.Usage);
        return ToCommand(options, words, images);
    }

    private static Command ToCommand(OptionValues options, List<string> words, List<string> images)
    {
        switch (words)
        {
            case ["help"]:
                return new ShowHelp();
            case ["prove"]:
                options.AllowOnly("`prove`");
                return new ProveCommand();
            case [] or ["serve"] when images.Count == 0 && options.Prompt is null:
                options.AllowOnly("serving", "--data", "--port");
                return new ServeCommand(options.Data, options.Port);
        }

        var prompt = options.Prompt ?? string.Join(' ', words).Trim();
        if (prompt.Length == 0 && images.Count == 0) throw new PlainFailure("The prompt is empty: say what the film is about.", PlainFailure.Usage);
        if (prompt.Length > 4000) throw new PlainFailure($"The prompt has {prompt.Length} characters; at most 4,000 are taken.", PlainFailure.Usage);
        return new FilmCommand
        {
            Prompt = prompt.Length == 0 ? null : prompt,
            Images = images,
            Style = options.Style,
            Mood = options.Mood,
            Duration = options.Duration,
            FrameCount = options.FrameCount,
            Ratio = options.Ratio,
            Seed = options.Seed,
            Motion = options.Motion,
            Transition = options.Transition,
            Fit = options.Fit,
            Resolution = options.Resolution,
            Fps = options.Fps,
            Quality = options.Quality,
            Captions = options.Captions,
            Out = options.Out,
            User = options.User,
            Data = options.Data,
            Port = options.Port,
        };
    }
}
