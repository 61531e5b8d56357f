using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>Writes server-sent events. JSON has no line break outside of its strings, and escapes those within: each event's data is one line.</summary>
internal sealed class EventWriter(PipeWriter pipe)
{
    private bool _isDirty;

    /// <summary>How soon a browser connects again, in milliseconds.</summary>
    public void Begin() => Write("retry: 1000\n\n");

    public void Write(Event entry) => Write($"id: {entry.Number}\nevent: {entry.Type}\ndata: {JsonSerializer.Serialize(entry, WireJson.Options)}\n\n");

    /// <summary>Without an <c>id</c>, so that whoever resumes goes on from the last entry of the log.</summary>
    public void Write(ProgressTick tick) => Write($"event: progress\ndata: {JsonSerializer.Serialize(tick, WireJson.Options)}\n\n");

    /// <summary>Nothing, for who stands between.</summary>
    public void WriteComment() => Write(":\n\n");

    /// <summary>Sends what was written; waits while the client takes nothing.</summary>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!_isDirty) return;
        _isDirty = false;
        if ((await pipe.FlushAsync(cancellationToken)).IsCompleted) throw new OperationCanceledException("Nobody reads any more.");
    }

    private void Write(string text)
    {
        Encoding.UTF8.GetBytes(text, pipe);
        _isDirty = true;
    }
}
