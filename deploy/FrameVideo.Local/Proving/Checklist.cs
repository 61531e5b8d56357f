namespace FrameVideo.Local.Proving;

/// <summary>A check that did not hold; the run ends with it, since what follows builds on it.</summary>
internal sealed class CheckFailed(string expected) : Exception(expected);

/// <summary>What was checked, a line each, as it happens.</summary>
internal sealed class Checklist(TextWriter output)
{
    private static readonly Terminal Paint = Terminal.OfOutput;

    private bool _busy;

    /// <summary>How many held.</summary>
    public int Held { get; private set; }

    public void Heading(string title, string explanation)
    {
        output.WriteLine();
        output.WriteLine(Paint.Bold(title));
        output.WriteLine(Paint.Dim(explanation));
    }

    /// <summary>Says what holds.</summary>
    /// <exception cref="CheckFailed">It does not; <paramref name="otherwise"/> is what was found instead.</exception>
    public void Holds(bool condition, string sentence, Func<string> otherwise)
    {
        NoLongerBusy();
        if (!condition)
        {
            output.WriteLine($"  {Paint.Red("✗")} {sentence}");
            throw new CheckFailed(otherwise());
        }

        Held++;
        output.WriteLine($"  {Paint.Green("✓")} {sentence}");
    }

    /// <summary>What takes long just now: a line that the next one takes the place of, and only where somebody looks on.</summary>
    public void Busy(string what)
    {
        if (!Paint.IsLive) return;
        output.Write($"\r\e[2K  {Paint.Dim($"… {what}")}");
        _busy = true;
    }

    /// <summary>A line that explains, and checks nothing.</summary>
    public void Tell(string line) => output.WriteLine($"    {line}");

    /// <summary>Two columns; the ID is marked wherever it stands.</summary>
    public void Table(string id, IReadOnlyList<(string Where, string What)> rows)
    {
        var width = rows.Max(row => row.Where.Length);
        foreach (var (where, what) in rows) output.WriteLine($"    {where.PadRight(width)}  {what.Replace(id, Paint.Cyan(id), StringComparison.Ordinal)}");
    }

    private void NoLongerBusy()
    {
        if (_busy) output.Write("\r\e[2K");
        _busy = false;
    }
}
