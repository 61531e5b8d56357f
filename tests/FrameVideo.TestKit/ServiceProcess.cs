using System.Diagnostics;

namespace FrameVideo.TestKit;

/// <summary>A service as a process of its own, which can be killed and started again on the same data.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly string _name;
    private readonly Dictionary<string, string> _environment;
    private readonly string _log;
    private Process? _process;

    public ServiceProcess(string name, string log, IReadOnlyDictionary<string, string> environment)
    {
        (_name, _log) = (name, log);
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

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [ProgramOf(_name)]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
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

    /// <summary>SIGKILL: no last words.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
