using System.Diagnostics;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Clients;

/// <summary>The clients that NSwag makes as the README says, and a program that calls them, built without a warning; once for all tests.</summary>
public sealed class CSharpClient : IDisposable
{
    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <Compile Remove="generate.cs" />
          </ItemGroup>
        </Project>
        """;

    private readonly TempFolder _folder = new();
    private string? _program;

    public void Dispose() => _folder.Dispose();

    /// <summary>Generates from what the front door serves, and builds.</summary>
    public async Task<string> BuildAsync(string door)
    {
        if (_program is not null) return _program;
        await WriteAsync("generate.cs", Readme.Block("### C#").Replace("http://localhost:8080", door, StringComparison.Ordinal));
        await RunAsync("run", "--file", "generate.cs");
        await WriteAsync("client.csproj", Project);
        await WriteAsync("EveryOperation.cs", await File.ReadAllTextAsync(Repository.Combine("tests", "FrameVideo.Api.Tests", "Clients", "CSharp", "EveryOperation.cs")));
        var lines = Readme.Block("### C#", 1).Split('\n');
        var usings = lines.Where(line => line.StartsWith("using FrameVideo.", StringComparison.Ordinal)).ToList();
        var shown = string.Join('\n', lines.Except(usings)).Replace("\"http://localhost:8080\"", "url", StringComparison.Ordinal).Replace("\"fv_...\"", "key", StringComparison.Ordinal).Replace("VideoDuration = 10", "VideoDuration = 2, FrameCount = 2", StringComparison.Ordinal);
        await WriteAsync("Shown.cs", $"{string.Join('\n', usings)}\ninternal static class Shown\n{{\n    public static async Task RunAsync(string url, string key)\n    {{\n{shown}\n    }}\n}}\n");
        await RunAsync("build", "client.csproj", "--verbosity", "quiet", "--output", "out", "-p:UseSharedCompilation=false");
        return _program = _folder.Combine("out", "client.dll");
    }

    /// <summary>A file that the program has made.</summary>
    public string PathOf(string name) => _folder.Combine(name);

    /// <summary>Runs the program, and answers what it printed.</summary>
    public Task<string> RunAsync(params string[] arguments) => RunIn(_folder.Path, arguments);

    private static async Task<string> RunIn(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // Nothing that was started for this outlives it.
        foreach (var (name, value) in new[] { ("MSBUILDDISABLENODEREUSE", "1"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"), ("DOTNET_NOLOGO", "1"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1") }) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)}: {output}{await errors}");
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(_folder.Combine(name), text);
}
