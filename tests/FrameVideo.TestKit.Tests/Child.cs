using System.Diagnostics;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.TestKit.Tests;

/// <summary>This assembly as a process that starts servers and waits to be killed.</summary>
public static class Child
{
    public static Process Start() => Process.Start(new ProcessStartInfo("dotnet", [typeof(Child).Assembly.Location]) { RedirectStandardOutput = true, UseShellExecute = false })!;

    /// <summary>Prints the ports of its servers.</summary>
    public static async Task Main()
    {
        var (database, bucket) = (await PostgresServer.NewDatabaseAsync(), await S3Server.NewBucketAsync());
        Console.WriteLine($"{database.Port} {bucket.Endpoint.Port}");
        await Task.Delay(Timeout.Infinite);
    }
}
