namespace FrameVideo.Local.Pair;

/// <summary>Both services and the front door, running on one data folder.</summary>
internal sealed class RunningPair : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly List<ServiceProcess> _processes;
    private readonly CancellationToken _hurry;

    private RunningPair(Uri address, List<ServiceProcess> processes, CancellationToken hurry)
    {
        (Address, _processes, _hurry) = (address, processes, hurry);
        Died = WhenOneEnds();
    }

    /// <summary>The front door.</summary>
    public Uri Address { get; }

    /// <summary>The front door first.</summary>
    public IReadOnlyList<ServiceProcess> Processes => _processes;

    /// <summary>Who writes, draws and makes clips, and whether that can cost money; one entry for each service that says so.</summary>
    public IReadOnlyList<string> Makers => [.. _processes.Select(process => process.Makers).OfType<string>()];

    /// <summary>Completes with the reason when one of the three ends by itself.</summary>
    public Task<PlainFailure> Died { get; }

    /// <summary>Starts all three and waits until they are ready.</summary>
    /// <exception cref="PlainFailure">One of them ended or was not ready in time.</exception>
    public static async Task<RunningPair> StartAsync(PairSettings settings, Interruption interruption)
    {
        if (Terminal.OfErrors.IsLive) await Console.Error.WriteLineAsync(Terminal.OfErrors.Dim("Starting both services..."));
        for (var attempt = 1; ; attempt++)
        {
            var pair = Launch(settings, interruption.Hurry);
            try
            {
                await Task.WhenAll(pair._processes.Select(process => pair.WaitUntilReadyAsync(process, interruption.Token)));
                return pair;
            }
            catch (PlainFailure) when (attempt < 4 && pair._processes.Exists(process => process.Ended.IsCompleted && process.LostItsPort))
            {
                // Between choosing a free port and using it another program took it. A port that the person chose is refused by name.
                await pair.DisposeAsync();
                if (settings is { PortIsChosen: true, FrontDoorPort: { } chosen }) Ports.Demand(chosen);
                else settings = settings with { FrontDoorPort = null };
            }
            catch
            {
                await pair.DisposeAsync();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(process => process.StopAsync(Grace, _hurry)));
        foreach (var process in _processes) process.Dispose();
    }

    private static RunningPair Launch(PairSettings settings, CancellationToken hurry)
    {
        var ports = Ports.Free(3);
        var door = new Uri($"http://{(settings.FrontDoorPort is null ? "127.0.0.1" : "localhost")}:{settings.FrontDoorPort ?? ports[0]}");
        var frames = new Uri($"http://127.0.0.1:{ports[1]}");
        var videos = new Uri($"http://127.0.0.1:{ports[2]}");
        var services = settings.ForServices(door);
        var processes = new List<ServiceProcess>();
        try
        {
            Start("FrontDoor", door, "front-door", new(StringComparer.Ordinal) { ["FrameService__Url"] = frames.AbsoluteUri, ["VideoService__Url"] = videos.AbsoluteUri });
            Start("FrameService", frames, "frames", services);
            Start("VideoService", videos, "videos", new(services, StringComparer.Ordinal) { ["FrameService__Url"] = frames.AbsoluteUri, ["Rendering__Ffmpeg"] = settings.Ffmpeg });
            return new RunningPair(door, processes, hurry);
        }
        catch
        {
            foreach (var process in processes) process.StopAsync(TimeSpan.Zero, hurry).GetAwaiter().GetResult();
            throw;
        }

        void Start(string project, Uri address, string log, Dictionary<string, string> environment) =>
            processes.Add(ServiceProcess.Start(project, address, environment, new ServiceLog(settings.Logs, log), needsKeys: project != "FrontDoor"));
    }

    private async Task WaitUntilReadyAsync(ServiceProcess process, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(Patience);
        while (true)
        {
            if (process.Ended.IsCompleted) throw process.Obituary();
            // One that fails takes the others with it; no need to wait for them.
            if (Died.IsCompleted) throw await Died;
            try
            {
                using var answer = await http.GetAsync(new Uri(process.Address, "/health/ready"), waiting.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                if (waiting.IsCancellationRequested) throw process.Silence(Patience);
            }

            await Task.WhenAny(Task.Delay(50, cancellation), process.Ended);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task<PlainFailure> WhenOneEnds()
    {
        var first = await Task.WhenAny(_processes.Select(process => process.Ended));
        return _processes.First(process => process.Ended == first).Obituary();
    }
}
