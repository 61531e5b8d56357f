using System.Reflection;

namespace FrameVideo.Local.CommandLine;

/// <summary>What <c>--help</c> and <c>--version</c> print.</summary>
/// <remarks>The text is the file <c>help.txt</c>, which <c>deploy/run --help</c> prints without a build.</remarks>
internal static class Help
{
    public static string Text { get; } = Read();

    public static string Version { get; } = $"FrameVideo {typeof(Help).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}";

    private static string Read()
    {
        using var text = new StreamReader(typeof(Help).Assembly.GetManifestResourceStream("help.txt")!);
        return text.ReadToEnd().TrimEnd();
    }
}
