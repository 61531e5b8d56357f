using System.Reflection;

namespace FrameVideo.Local.CommandLine;

/// <summary>What <c>--help</c> and <c>--version</c> print.</summary>
internal static class Help
{
    public const string Text = """
        FrameVideo turns a prompt, or your own pictures, into storyboard frames and a film.

        Usage
          ./deploy/run "a paper boat crosses a stormy sea"    make one film, and end
          ./deploy/run --images *.jpg                         make one from your own pictures
          ./deploy/run                                        serve until Ctrl-C (page, API, both services)
          ./deploy/run prove                                  see in a minute why this exists

        Film
          --style NAME        Realistic, Artistic, Cartoon, Abstract, Photographic, "Digital Art"
          --mood NAME         Vibrant, Calm, Dramatic, Mysterious, Cheerful, Moody
          --duration SECONDS  2 to 600; 30 by default, or five for each of --frames or --images
          --frames NUMBER     how many frames are drawn, 1 to 1000
          --ratio SHAPE       16:9, 9:16, 4:3, 3:4, 1:1, 21:9, 5:3, 3:5, or a size such as 1280:720
          --seed NUMBER       the same seed draws the same frames
          --motion NAME       kenburns, zoom-in, zoom-out, pan-left, pan-right, pan-up, pan-down, none
          --transition NAME   fade, cut, fade-black, dissolve, wipe, slide
          --fit NAME          how pictures of another shape fill the film: cover, contain, pad
          --resolution NAME   the film's shorter side: 480p, 720p, 1080p, 1440p, 2160p
          --fps NUMBER        24, 25, 30, 50 or 60
          --quality NAME      draft, standard, high
          --out FILE          where the film goes; films/<title>-<request ID>.mp4 by default
          --user NAME         whose film it is; "local" by default
          --prompt TEXT       the prompt, where it would be read as something else

        Pair
          --data FOLDER       where sessions, pictures and films are kept; data/ of the repository by default.
                              A pair that serves on this folder already is used as it is.
          --port NUMBER       the front door's port; 8080 by default

          --help, --version   this text; the version
        """;

    public static string Version { get; } = $"FrameVideo {typeof(Help).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}";
}
