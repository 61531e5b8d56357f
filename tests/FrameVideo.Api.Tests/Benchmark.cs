using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests;

/// <summary>A program of <c>tests/FrameVideo.Benchmarks</c>, which ends with its standard input.</summary>
internal sealed class Benchmark : IAsyncDisposable
{
    private readonly Process _process;

    private Benchmark(Process process) => _process = process;

    /// <summary>Which process it is.</summary>
    public int Id => _process.Id;

    /// <summary>The API with which the service is compared.</summary>
    public static async Task<Benchmark> BareAsync(string address, string connectionString, string sql)
    {
        var bare = Start("bare", address, connectionString, sql);
        using var http = Http.Client(address);
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync("/health/live");
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the bare API to answer");
        return bare;
    }

    /// <summary>The one that calls.</summary>
    public static Benchmark Load() => Start("load");

    /// <summary>Those who do not behave, who get what time of the processor nobody else wants.</summary>
    public static Benchmark Attack(string address, string film) => Start(isLast: true, "attack", address, film);

    /// <summary>Calls an address for some seconds.</summary>
    public async Task<LoadOutcome> CallAsync(string address, string requests, string? key, int connections, double seconds)
    {
        var outcome = JsonSerializer.Deserialize<LoadOutcome>(await AskAsync(JsonSerializer.Serialize(new { new Uri(address).Port, Requests = requests, Key = key, Connections = connections, Seconds = seconds })))!;
        Assert.True(outcome is { Refused: 0, Answers: > 0 }, $"{outcome.Refused} of {outcome.Answers} requests were refused.");
        return outcome;
    }

    /// <summary>Says one line and reads one.</summary>
    public async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The program has ended.");
    }

    /// <summary>The processor's time that a process has used, in seconds.</summary>
    public static double ProcessorSeconds(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Benchmark Start(params string[] arguments) => Start(isLast: false, arguments);

    private static Benchmark Start(bool isLast, params string[] arguments)
    {
        string[] command = [.. isLast ? ["nice", "-n", "19"] : Array.Empty<string>(), "dotnet", ServiceProcess.ProgramOf("FrameVideo.Benchmarks"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = arguments[0] != "bare", UseShellExecute = false };
        // As in production; tests/run turns it off for processes that live for seconds.
        start.Environment["DOTNET_TieredPGO"] = "1";
        return new Benchmark(Process.Start(start)!);
    }
}

/// <summary>What came of calling for a while.</summary>
internal sealed record LoadOutcome(int Answers, int Refused, double Seconds, double MedianMs, double P99Ms, long Bytes)
{
    public double PerSecond => Answers / Seconds;
}
