using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Text;
using FrameVideo.Telemetry;

namespace VideoService.Rendering;

/// <summary>Runs the encoder's program as a child process. None outlives its call, whichever way that ends; children of its own it must not have.</summary>
/// <remarks>
/// If this process is killed itself, a child that reads from it sees the end of its input and ends, too.
/// <code>
/// 1. Start, with three pipes, limits, no shell  cannot be started -> EncoderMissingException
/// 2. Drain both outputs from now on             a full pipe would stop the child for ever
/// 3. Feed its input; close it on every path     a child that dies breaks the pipe: that is told by step 5
/// 4. Canceled, feeding failed, or no sign of life for too long -> kill it
/// 5. Wait until it has gone                     exit code other than 0 -> EncoderException with its last words
/// </code>
/// </remarks>
internal sealed class Ffmpeg(RenderingOptions options) : IDisposable
{
    private const int KeptLines = 20;

    /// <summary>Ended by SIGXFSZ, number 25: a file has reached its limit.</summary>
    private const int TooLargeAFile = 128 + 25;

    /// <summary>What has ended has closed its outputs, unless it left a child behind that holds them.</summary>
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _asking = new(1);
    private string? _version;

    /// <summary>The program's version as it names it, such as <c>5.1.9-0+deb12u1</c>; asked once.</summary>
    /// <exception cref="EncoderMissingException">It cannot be started.</exception>
    /// <exception cref="EncoderException">It does not say.</exception>
    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        if (_version is not null) return _version;
        await _asking.WaitAsync(cancellationToken);
        try
        {
            return _version ??= ParseVersion(await RunAsync(["-version"], null, cancellationToken));
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Runs the program and answers with what it wrote to its standard output.</summary>
    /// <param name="arguments">Passed as they are, without a shell.</param>
    /// <param name="feed">Writes its standard input, which is closed afterwards; null for none.</param>
    /// <param name="cancellationToken">Kills it; the task ends after it has gone.</param>
    /// <param name="memory">Bytes of memory that it may write to, where that is less than <see cref="RenderingOptions.MaxEncoderBytes"/>.</param>
    /// <exception cref="EncoderMissingException">It cannot be started.</exception>
    /// <exception cref="TemporarySpaceException">It has written as much as it may.</exception>
    /// <exception cref="EncoderException">It failed, was killed, or showed no sign of life for <see cref="RenderingOptions.EncoderTimeout"/>.</exception>
    public async Task<string> RunAsync(
        IReadOnlyList<string> arguments, Func<WatchedInput, CancellationToken, Task>? feed, CancellationToken cancellationToken, long memory = long.MaxValue) =>
        (await TraceAsync(arguments, feed, memory, cancellationToken)).Output;

    /// <summary>Runs the program and answers with its last words on its standard error, which is where filters tell what they measured.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<string> HearAsync(
        IReadOnlyList<string> arguments, Func<WatchedInput, CancellationToken, Task>? feed, CancellationToken cancellationToken) =>
        (await TraceAsync(arguments, feed, long.MaxValue, cancellationToken)).Words;

    /// <summary>Starts the program to have what it writes to its standard output as it comes. It is ended with the answer.</summary>
    /// <param name="arguments">Passed as they are, without a shell.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="EncoderMissingException">It cannot be started.</exception>
    public ReadChild Open(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var process = Start(arguments);
        process.StandardInput.Close();
        if (process.StandardOutput.BaseStream is PipeStream output) ChildProcess.Widen(output.SafePipeHandle);
        return new ReadChild(process, () => Kill(process), LastLinesAsync(process.StandardError, () => { }), options.EncoderTimeout, cancellationToken);
    }

    private async Task<(string Output, string Words)> TraceAsync(
        IReadOnlyList<string> arguments, Func<WatchedInput, CancellationToken, Task>? feed, long memory, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Tracing.Begin("ffmpeg").RunAsync(() => WatchAsync(arguments, feed, memory, cancellationToken));
    }

    private async Task<(string Output, string Words)> WatchAsync(IReadOnlyList<string> arguments, Func<WatchedInput, CancellationToken, Task>? feed, long memory, CancellationToken cancellationToken)
    {
        using var process = Start(arguments, memory);
        using var silence = new CancellationTokenSource(options.EncoderTimeout);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        void SignOfLife() => silence.CancelAfter(options.EncoderTimeout);
        var output = AllAsync(process.StandardOutput, SignOfLife);
        var errors = LastLinesAsync(process.StandardError, SignOfLife);
        Exception? broken = null;
        try
        {
            await using var killing = ending.Token.Register(() => Kill(process));
            try
            {
                await using var input = process.StandardInput.BaseStream;
                if (feed is not null) await feed(new WatchedInput(input, SignOfLife), ending.Token);
            }
            catch (IOException problem)
            {
                broken = problem;
            }
            await process.WaitForExitAsync(ending.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && silence.IsCancellationRequested)
        {
            // Told below, with its last words.
        }
        finally
        {
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        Activity.Current?.SetTag("process.exit.code", process.ExitCode);
        cancellationToken.ThrowIfCancellationRequested();
        var details = await SaidAsync(errors);
        if (silence.IsCancellationRequested && process.ExitCode != 0)
            throw new EncoderSilentException(string.Create(CultureInfo.InvariantCulture, $"The encoder showed no sign of life for {options.EncoderTimeout.TotalSeconds:0.#} s and was ended."), details, broken);
        if (process.ExitCode == TooLargeAFile) throw new TemporarySpaceException(options.MaxTemporaryBytes);
        if (process.ExitCode != 0 || broken is not null)
            throw new EncoderException($"The encoder ended early, with code {process.ExitCode}.", details, broken);
        return (await SaidAsync(output), details);
    }

    /// <inheritdoc/>
    public void Dispose() => _asking.Dispose();

    private Process Start(IReadOnlyList<string> arguments, long memory = long.MaxValue)
    {
        var start = new ProcessStartInfo(options.Ffmpeg, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        try
        {
            var process = Process.Start(start) ?? throw new EncoderMissingException("ffmpeg cannot be started.");
            ChildProcess.Limit(process, Math.Min(memory, options.MaxEncoderBytes), options.MaxTemporaryBytes);
            if (process.StandardInput.BaseStream is PipeStream input) ChildProcess.Widen(input.SafePipeHandle);
            return process;
        }
        catch (Exception problem) when (problem is Win32Exception or FileNotFoundException)
        {
            throw new EncoderMissingException("ffmpeg cannot be started; is it installed?", problem);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            // It alone: to end a tree .NET stops each process first, and a service killed at that moment would leave one that stands still for ever.
            if (!process.HasExited) process.Kill();
        }
        catch (Exception problem) when (problem is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has gone by itself meanwhile.
        }
    }

    private static async Task<string> SaidAsync(Task<string> words)
    {
        try
        {
            return await words.WaitAsync(OutputPatience);
        }
        catch (TimeoutException)
        {
            return "A child of the encoder's program outlives it and holds its output; a wrapper has to exec the encoder.";
        }
    }

    private static async Task<string> AllAsync(StreamReader reader, Action signOfLife)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            signOfLife();
            text.Append(buffer, 0, read);
        }
        return text.ToString();
    }

    private static async Task<string> LastLinesAsync(StreamReader reader, Action signOfLife)
    {
        var lines = new Queue<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            signOfLife();
            if (lines.Count == KeptLines) lines.Dequeue();
            lines.Enqueue(line);
        }
        return string.Join('\n', lines);
    }

    private static string ParseVersion(string output) => output.Split(' ', 4) is ["ffmpeg", "version", var version, ..]
        ? version
        : throw new EncoderException("The encoder does not name its version.", output);
}
