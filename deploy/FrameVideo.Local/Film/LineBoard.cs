namespace FrameVideo.Local.Film;

/// <summary>Progress as lines, for logs and pipes: one when a step begins to move, one at each tenth, one at its end.</summary>
internal sealed class LineBoard(TextWriter output) : IProgressBoard
{
    private readonly Dictionary<Step, (int Done, int Total)> _shown = [];

    /// <inheritdoc/>
    public void Show(Step step, int done, int total, string? remark = null)
    {
        var known = _shown.TryGetValue(step, out var before);
        if (done == 0 || (known && before == (done, total))) return;
        if (known && done < total && done * 10 / total == before.Done * 10 / before.Total) return;
        _shown[step] = (done, total);
        output.WriteLine($"{step,-9} {done}/{total}{(remark is null ? "" : $"  {remark}")}");
    }
}
