namespace FrameVideo.Local.Film;

/// <summary>The steps of a film, in order.</summary>
internal enum Step
{
    /// <summary>A person's pictures are uploaded.</summary>
    Pictures,

    /// <summary>The story is written.</summary>
    Story,

    /// <summary>Frames are drawn and stored.</summary>
    Frames,

    /// <summary>Clips are rendered.</summary>
    Clips,

    /// <summary>They are joined, and the film is fetched.</summary>
    Film,
}

/// <summary>Where progress is shown.</summary>
internal interface IProgressBoard
{
    /// <summary>Says how far a step has come; the same numbers again are no news.</summary>
    void Show(Step step, int done, int total, string? remark = null);
}

/// <summary>Chooses bars that move, or plain lines where the output is no terminal.</summary>
internal static class ProgressBoard
{
    public static Task<T> RunAsync<T>(Func<IProgressBoard, Task<T>> work) => Terminal.OfOutput.IsLive ? BarBoard.RunAsync(work) : work(new LineBoard(Console.Out));
}
