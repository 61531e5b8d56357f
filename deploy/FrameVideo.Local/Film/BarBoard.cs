using Spectre.Console;
using Spectre.Console.Rendering;

namespace FrameVideo.Local.Film;

/// <summary>Progress as bars that move.</summary>
internal sealed class BarBoard : IProgressBoard
{
    private readonly ProgressContext _bars;
    private readonly Dictionary<Step, ProgressTask> _tasks = [];

    private BarBoard(ProgressContext bars) => _bars = bars;

    public static Task<T> RunAsync<T>(Func<IProgressBoard, Task<T>> work) => AnsiConsole.Progress()
        .AutoRefresh(true)
        .HideCompleted(false)
        .Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = 32, CompletedStyle = new Style(Color.Teal), FinishedStyle = new Style(Color.Green), RemainingStyle = new Style(Color.Grey) },
            new CountColumn(),
            new ElapsedTimeColumn(),
            new SpinnerColumn(Spinner.Known.Dots) { CompletedText = "✓", CompletedStyle = new Style(Color.Green) })
        .StartAsync(bars => work(new BarBoard(bars)));

    /// <inheritdoc/>
    public void Show(Step step, int done, int total, string? remark = null)
    {
        if (!_tasks.TryGetValue(step, out var task))
        {
            // What came before is done, whether or not its last number was seen.
            foreach (var (earlier, bar) in _tasks)
            {
                if (earlier < step) bar.Value = bar.MaxValue;
            }

            task = _bars.AddTask(step.ToString(), autoStart: true, maxValue: Math.Max(1, total));
            _tasks.Add(step, task);
        }

        task.MaxValue = Math.Max(1, total);
        task.Value = done;
        task.IsIndeterminate = done == 0;
        if (remark is not null) task.Description = $"{step}  [grey]{Markup.Escape(Shortened(remark))}[/]";
        if (done >= task.MaxValue) task.StopTask();
    }

    private static string Shortened(string text) => text.Length <= 28 ? text : text[..27] + "…";

    /// <summary>"3/6": how many of how many.</summary>
    private sealed class CountColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text($"{task.Value:0}/{task.MaxValue:0}").RightJustified();

        public override int? GetColumnWidth(RenderOptions options) => 9;
    }
}
