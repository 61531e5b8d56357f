namespace FrameVideo.Local;

/// <summary>A little colour where somebody looks, plain text where a program or a file does.</summary>
internal sealed class Terminal
{
    private readonly bool _colour;

    private Terminal(bool redirected) => _colour =
        !redirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Standard output.</summary>
    public static Terminal OfOutput { get; } = new(Console.IsOutputRedirected);

    /// <summary>Standard error.</summary>
    public static Terminal OfErrors { get; } = new(Console.IsErrorRedirected);

    /// <summary>Whether bars can move here.</summary>
    public bool IsLive => _colour;

    public string Bold(string text) => Paint(text, "1");

    public string Dim(string text) => Paint(text, "2");

    public string Red(string text) => Paint(text, "31");

    public string Green(string text) => Paint(text, "32");

    public string Cyan(string text) => Paint(text, "36");

    private string Paint(string text, string code) => _colour ? $"\e[{code}m{text}\e[0m" : text;
}
