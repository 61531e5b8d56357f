using System.Diagnostics;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests;

/// <summary><c>deploy/run prove</c>: what the README shows, on both kinds of backend.</summary>
public sealed class ProveTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Everything_that_prove_checks_holds_on_a_folder_and_sqlite() => await ProveAsync(Backend.Embedded());

    [ServerFact]
    [Trait("Campaign", "prove-on-servers")]
    [Trait("Depth", "long")]
    [Needs(TestServers.Postgres | TestServers.S3)]
    public async Task Everything_that_prove_checks_holds_on_postgres_and_s3_and_nothing_is_left_there()
    {
        var bucket = await S3Server.NewBucketAsync();
        // The backend disposes of the bucket, too.
        await using var backend = await Backend.ServersAsync(bucket: bucket);
        await ProveAsync(backend);
        using var s3 = bucket.NewClient();
        Assert.Empty((await s3.ListObjectsV2Async(new() { BucketName = bucket.Name })).S3Objects ?? []);
    }

    private async Task ProveAsync(Backend backend)
    {
        var start = new ProcessStartInfo("dotnet", [ServiceProcess.ProgramOf("FrameVideo.Local"), "prove"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (key, value) in backend.Settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var prove = Process.Start(start)!;
        var errors = prove.StandardError.ReadToEndAsync();
        var said = await prove.StandardOutput.ReadToEndAsync();
        await prove.WaitForExitAsync();
        output.WriteLine(said + await errors);
        Assert.Equal(0, prove.ExitCode);
        Assert.Contains("checks held, in ", said, StringComparison.Ordinal);
    }
}
