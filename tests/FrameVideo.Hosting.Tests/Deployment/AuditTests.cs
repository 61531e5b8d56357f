using System.Diagnostics;
using FrameVideo.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Hosting.Tests.Deployment;

/// <summary>What CI does with advisories and with lock files that do not fit, by a restore of a project with this repository's settings, from a package source of the test's own.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private TempFolder Folder { get; } = new();

    private string _address = "";
    private string _advisories = "{}";

    private WebApplication Source { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _address = $"http://127.0.0.1:{Ports.Free()}";
        var builder = WebApplication.CreateSlimBuilder(["--urls", _address]);
        builder.Logging.ClearProviders();
        Source = builder.Build();
        Source.MapGet("/index.json", () => Json($$"""
            {"version":"3.0.0","resources":[{"@id":"{{_address}}/flat/","@type":"PackageBaseAddress/3.0.0"},{"@id":"{{_address}}/advisories/index.json","@type":"VulnerabilityInfo/6.7.0"}]}
            """));
        Source.MapGet("/advisories/index.json", () => Json($$"""[{"@name":"base","@id":"{{_address}}/advisories/base.json","@updated":"2026-01-01T00:00:00Z"}]"""));
        Source.MapGet("/advisories/base.json", () => Json(_advisories));
        await Source.StartAsync();

        Write("nuget.config", $"""<configuration><packageSources><clear /><add key="own" value="{_address}/index.json" allowInsecureConnections="true" /></packageSources></configuration>""");
        // Two that are imported and one that is not: the project lies where nothing of the checkout is changed.
        Write("Directory.Build.props", $"""<Project><Import Project="{Repository.Combine("Directory.Build.props")}" /><PropertyGroup><ArtifactsPath>{Folder.Combine("artifacts")}</ArtifactsPath></PropertyGroup></Project>""");
        Write("Directory.Packages.props", $"""<Project><Import Project="{Repository.Combine("Directory.Packages.props")}" /></Project>""");
        Write("audited/audited.csproj", """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="Polly" /></ItemGroup></Project>""");
    }

    public async Task DisposeAsync()
    {
        await Source.DisposeAsync();
        Folder.Dispose();
    }

    [Fact]
    public async Task An_advisory_on_a_package_that_another_brings_fails_CI_and_nothing_else_does()
    {
        var (clean, said) = await RestoreAsync("-p:RestoreLockedMode=false");
        Assert.True(clean == 0, said);
        _advisories = """{"polly.core":[{"severity":1,"url":"https://advisories.example.org/1","versions":"(, 99.0.0)"}]}""";
        var (failed, sentence) = await RestoreAsync("-p:RestoreLockedMode=false");
        Assert.NotEqual(0, failed);
        Assert.Contains("error NU1902", sentence, StringComparison.Ordinal);
        Assert.Contains("https://advisories.example.org/1", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_file_that_is_not_up_to_date_fails_CI()
    {
        Write("audited/packages.lock.json", """{"version":2,"dependencies":{"net10.0":{"Polly":{"type":"Direct","requested":"[8.0.0, )","resolved":"8.0.0","contentHash":"AAAA"}}}}""");
        var (failed, sentence) = await RestoreAsync();
        Assert.NotEqual(0, failed);
        Assert.Contains("error NU1004", sentence, StringComparison.Ordinal);
    }

    private static IResult Json(string text) => Results.Text(text, "application/json");

    private async Task<(int ExitCode, string Said)> RestoreAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["restore", Folder.Combine("audited/audited.csproj"), "--configfile", Folder.Combine("nuget.config"), "--force", .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["CI"] = "true";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["NUGET_HTTP_CACHE_PATH"] = Folder.Combine($"cache-{_advisories.Length}");
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }

    private void Write(string file, string text)
    {
        var path = Folder.Combine(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
