using System.Diagnostics;

namespace VideoService.Rendering;

/// <summary>A child whose standard output is read as it comes. It ends with this, by itself or not. Not safe for use from two threads at once.</summary>
internal sealed class ReadChild : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Action _kill;
    private readonly Task<string> _words;
    private readonly CancellationTokenSource _ending;
    private readonly CancellationToken _canceled;
    private readonly CancellationTokenRegistration _killing;
    private readonly TimeSpan _limit;

    /// <summary>Takes over a child that has been started.</summary>
    public ReadChild(Process process, Action kill, Task<string> words, TimeSpan limit, CancellationToken cancellationToken)
    {
        (_process, _kill, _words, _limit, _canceled) = (process, kill, words, limit, cancellationToken);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _killing = _ending.Token.Register(kill);
    }

    /// <summary>Fills the buffer; false at the end of what it writes, which is told only where it ended well.</summary>
    /// <exception cref="EncoderException">It failed, ended within a buffer, or took longer for it than is allowed.</exception>
    public bool Read(Span<byte> buffer)
    {
        // While nobody reads, a child that waits is no child that hangs.
        _ending.CancelAfter(_limit);
        var read = _process.StandardOutput.BaseStream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        _ending.CancelAfter(Timeout.InfiniteTimeSpan);
        if (read == buffer.Length) return true;
        _process.WaitForExit();
        _canceled.ThrowIfCancellationRequested();
        if (_ending.IsCancellationRequested) throw new EncoderException("The decoder took longer than is allowed and was ended.");
        if (_process.ExitCode != 0 || read != 0) throw new EncoderException($"The decoder ended early, with code {_process.ExitCode}.", _words.GetAwaiter().GetResult());
        return false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _killing.DisposeAsync();
        _kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _ending.Dispose();
    }
}
