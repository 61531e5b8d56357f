using FrameVideo.Local.CommandLine;

namespace FrameVideo.Local.Pair;

/// <summary>A pair for one command: the one that serves on the data folder already, or one of its own that ends with it.</summary>
internal sealed class PairAccess : IAsyncDisposable
{
    private readonly DataFolder? _folder;
    private readonly RunningPair? _own;

    private PairAccess(Uri address, DataFolder? folder, RunningPair? own) => (Address, _folder, _own) = (address, folder, own);

    /// <summary>The front door.</summary>
    public Uri Address { get; }

    /// <summary>Whether the pair ends with this command.</summary>
    public bool IsOwn => _own is not null;

    /// <summary>Waits until a pair of our own ends too early or can do no more, and says why. A pair of somebody else tells that by its answers.</summary>
    public async Task<PlainFailure> WhenBrokenAsync(TimeProvider clock, CancellationToken cancellation) => _own is null || _folder is null
        ? await new TaskCompletionSource<PlainFailure>().Task.WaitAsync(cancellation)
        : await await Task.WhenAny(_own.Died, _folder.WhenFullAsync(clock, cancellation));

    /// <summary>Finds or starts the pair. A command that uses the folder for itself is waited for.</summary>
    public static async Task<PairAccess> OpenAsync(FilmCommand command, Interruption interruption)
    {
        var path = Path.GetFullPath(command.Data ?? Installation.DefaultData);
        var told = false;
        while (true)
        {
            if (DataFolder.TryTake(path) is { } folder) return await StartAsync(folder, command.Port, interruption);
            if (DataFolder.ReadNote(path) is { Serves: true } note && await IsReadyAsync(note.Address, interruption.Token)) return new PairAccess(note.Address, null, null);
            if (!told) await Console.Error.WriteLineAsync(Terminal.OfErrors.Dim($"Another FrameVideo uses {path}; waiting for it. (--data chooses another folder.)"));
            told = true;
            await Task.Delay(500, interruption.Token);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_own is not null) await _own.DisposeAsync();
        _folder?.Dispose();
    }

    private static async Task<PairAccess> StartAsync(DataFolder folder, int? chosenPort, Interruption interruption)
    {
        try
        {
            if (chosenPort is { } port) Ports.Demand(port);
            // The served pair's usual port where it is free, so that the links which are printed work again under `./deploy/run`.
            var door = chosenPort ?? (Ports.IsFree(Ports.Default) ? Ports.Default : null);
            var ffmpeg = await Programs.FfmpegAsync(interruption.Token);
            var pair = await RunningPair.StartAsync(new PairSettings(folder.FullPath, folder.Logs, ffmpeg, door, chosenPort is not null), interruption);
            folder.Announce(new PairNote(pair.Address, Environment.ProcessId, Serves: false));
            foreach (var makers in pair.Makers) await Console.Error.WriteLineAsync(Terminal.OfErrors.Dim($"Made by: {makers}"));
            return new PairAccess(pair.Address, folder, pair);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static async Task<bool> IsReadyAsync(Uri address, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/ready"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
