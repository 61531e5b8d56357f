using System.Diagnostics;

namespace FrameVideo.TestKit;

/// <summary>A service as a process of its own, which can be killed and started again on the same data.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly string _name;
    private readonly Dictionary<string, string> _environment;
    private readonly string _log;
    private Process? _process;

    private readonly MemoryGroup? _group;

    public ServiceProcess(string name, string log, IReadOnlyDictionary<string, string> environment, MemoryGroup? group = null)
    {
        _group = group;
        // Where the test run keeps logs, they outlive the test: what a failed one did stands there.
        var kept = Environment.GetEnvironmentVariable("FRAMEVIDEO_TEST_LOGS");
        (_name, _log) = (name, kept is null ? log : Path.Combine(Directory.CreateDirectory(kept).FullName, $"{Path.GetFileName(Path.GetDirectoryName(log))}-{Path.GetFileName(log)}"));
        Address = $"http://127.0.0.1:{Ports.Free()}";
        _environment = new(environment, StringComparer.Ordinal) { ["ASPNETCORE_URLS"] = Address, ["ParentWatch"] = "true" };
    }

    public string Address { get; }

    public int Id => _process!.Id;

    /// <summary>The memory that it holds now (resident set), bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>What it wrote, all its lives together.</summary>
    public string Log => File.Exists(_log) ? ReadShared(_log) : "";

    /// <summary>A project's program, built beside the tests: <c>&lt;artifacts&gt;/bin/&lt;project&gt;/&lt;configuration&gt;/</c>.</summary>
    public static string ProgramOf(string project)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, $"{project}.dll");
    }

    /// <summary>Whether it was started and has not ended.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts it and waits until it answers. While it was down, its port may have been taken for a moment by somebody's outgoing connection: then it is tried again.</summary>
    public async Task StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var said = Log.Length;
            try
            {
                await StartOnceAsync();
                return;
            }
            catch (InvalidOperationException) when (attempt < 20 && Log[said..].Contains("address already in use", StringComparison.OrdinalIgnoreCase))
            {
                await Task.Delay(250);
            }
        }
    }

    private async Task StartOnceAsync()
    {
        var (program, arguments) = _group?.Around("dotnet", ProgramOf(_name)) ?? ("dotnet", [ProgramOf(_name)]);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (key, value) in _environment) start.Environment[key] = value;
        var process = Process.Start(start)!;
        _process = process;
        var log = new StreamWriter(new FileStream(_log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        var gate = new Lock();
        void Write(object sender, DataReceivedEventArgs line)
        {
            lock (gate)
            {
                if (line.Data is not null) log.WriteLine(line.Data);
            }
        }

        process.OutputDataReceived += Write;
        process.ErrorDataReceived += Write;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = Http.Client(Address);
        await Wait.UntilAsync(
            async () =>
            {
                if (process.HasExited) throw new InvalidOperationException($"{_name} ended at its start: {Log}");
                try
                {
                    using var response = await http.GetAsync("/health/live");
                    return response.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"{_name} to answer");
    }

    /// <summary>Runs one of its commands as a process of its own, with the same configuration, whether it serves or not.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> CommandAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [ProgramOf(_name), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (key, value) in _environment) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    /// <summary>SIGKILL: no last words.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>SIGTERM, as an orchestrator ends a service; answers with its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        if (_process is not { } process) return 0;
        Signal("TERM");
        await process.WaitForExitAsync();
        var code = process.ExitCode;
        process.Dispose();
        _process = null;
        return code;
    }

    /// <summary>SIGSTOP: it lives and does nothing, as on a machine that swaps or a virtual one that is moved.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>SIGCONT: it goes on as if nothing had been.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>SIGTERM, and no waiting; again where somebody is in a hurry.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Waits for an end that comes from elsewhere, and forgets the process, so that it can be started again; answers with its exit code.</summary>
    public async Task<int> EndedAsync(TimeSpan limit)
    {
        if (_process is not { } process) return 0;
        await process.WaitForExitAsync().WaitAsync(limit);
        var code = process.ExitCode;
        process.Dispose();
        _process = null;
        return code;
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
