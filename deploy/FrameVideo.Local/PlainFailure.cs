namespace FrameVideo.Local;

/// <summary>A failure that one sentence explains to the person at the terminal; no stack trace helps them.</summary>
internal sealed class PlainFailure(string sentence, int exitCode = PlainFailure.General, Exception? inner = null) : Exception(sentence, inner)
{
    /// <summary>Something failed on the way.</summary>
    public const int General = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 2;

    /// <summary>What the process answers with.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The sentence for a file or folder that cannot be used.</summary>
    public static PlainFailure OfFile(string path, Exception error) => new($"{path} cannot be used: {Reason(error)}", General, error);

    /// <summary>What an input or output error means, as the end of a sentence.</summary>
    public static string Reason(Exception error) => error switch
    {
        // ENOSPC and EDQUOT, which .NET passes on as they are.
        IOException { HResult: 28 or 122 or 69 } => "the disk is full.",
        UnauthorizedAccessException => "permission is denied.",
        DirectoryNotFoundException => "its folder does not exist.",
        FileNotFoundException => "it does not exist.",
        _ => OneLine(error.Message),
    };

    private static string OneLine(string message)
    {
        var line = message.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        return end < 0 ? line.ToString() : line[..end].ToString();
    }
}
