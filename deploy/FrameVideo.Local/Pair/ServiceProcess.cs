using System.Diagnostics;

namespace FrameVideo.Local.Pair;

/// <summary>One service, running as a child.</summary>
/// <remarks>
/// Its standard input is held open and never written to: it ends itself when that ends, so that it outlives its starter in no case, a SIGKILL included.
/// It stands in a session of its own where the system has <c>setsid</c>; so Ctrl-C reaches the starter alone, which can still cancel work over the API
/// before it ends the services.
/// </remarks>
internal sealed class ServiceProcess : IDisposable
{
    private static readonly string[] Keys = ["OPENAI_", "RUNWAYML_", "Providers__"];
    private static readonly string? Setsid = Programs.Find("setsid");

    private readonly Process _process;
    private readonly ServiceLog _log;

    private ServiceProcess(string name, Uri address, Process process, ServiceLog log)
    {
        (Name, Address, _process, _log) = (name, address, process, log);
        Ended = process.WaitForExitAsync(CancellationToken.None);
    }

    public string Name { get; }

    public Uri Address { get; }

    /// <summary>Completes when the process is gone.</summary>
    public Task Ended { get; }

    /// <summary>Whether it could not listen since another program was faster.</summary>
    public bool LostItsPort => _log.Mentions("address already in use");

    /// <summary>Who makes what there, and whether that can cost money, as the service said when it started; null where it makes nothing.</summary>
    public string? Makers => _log.After("Made by: ");

    /// <param name="project">Which.</param>
    /// <param name="address">Where it is to listen.</param>
    /// <param name="settings">What it is told, besides everything that stands in the environment.</param>
    /// <param name="log">What it says.</param>
    /// <param name="needsKeys">Whether it calls AI services: their keys are told to nobody else.</param>
    public static ServiceProcess Start(string project, Uri address, IReadOnlyDictionary<string, string> settings, ServiceLog log, bool needsKeys)
    {
        var program = Installation.ProgramOf(project);
        string[] command = [Installation.Dotnet, program];
        if (Setsid is not null) command = [Setsid, .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(program)!,
        };
        start.Environment["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority);
        start.Environment["ParentWatch"] = "true";
        start.Environment.Remove("ASPNETCORE_HTTP_PORTS");
        start.Environment.Remove("ASPNETCORE_HTTPS_PORTS");
        if (!needsKeys)
        {
            foreach (var name in start.Environment.Keys.Where(name => Keys.Any(key => name.StartsWith(key, StringComparison.OrdinalIgnoreCase))).ToList()) start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings) start.Environment[name] = value;

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => log.Add(line.Data);
        process.ErrorDataReceived += (_, line) => log.Add(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ServiceProcess(project, address, process, log);
    }

    /// <summary>Why it has ended, as a sentence.</summary>
    public PlainFailure Obituary()
    {
        // .NET gives a process that a signal ended 128 and the signal's number.
        var how = _process.ExitCode > 128 ? $"was ended by signal {_process.ExitCode - 128}" : "has stopped";
        return new PlainFailure($"{Name} {how}{(_log.LastWords() is { } words ? $": {words}" : ".")} (Its log: {_log.FullPath})");
    }

    /// <summary>For somebody who waited for it in vain.</summary>
    public PlainFailure Silence(TimeSpan waited) => new($"{Name} was not ready within {waited.TotalSeconds:0} seconds; its log is {_log.FullPath}");

    /// <summary>Asks it to end, and ends it with all its children where it does not within the grace.</summary>
    public async Task StopAsync(TimeSpan grace, CancellationToken hurry)
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has gone already.
        }

        try
        {
            await Ended.WaitAsync(grace, hurry);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await Ended.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        _log.Dispose();
    }
}
