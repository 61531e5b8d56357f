using System.Diagnostics;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.TestKit.Tests;

/// <summary>This assembly as a process that starts servers and waits to be killed.</summary>
public static class Child
{
    public static Process Start() => Process.Start(new ProcessStartInfo("dotnet", [typeof(Child).Assembly.Location]) { RedirectStandardOutput = true, UseShellExecute = false })!;

    /// <summary>Prints the ports of its servers, then what a shell would export to run services on them by hand.</summary>
    public static async Task Main()
    {
        var (database, bucket) = (await PostgresServer.NewDatabaseAsync(), await S3Server.NewBucketAsync());
        Console.WriteLine($"{database.Port} {bucket.Endpoint.Port}");
        foreach (var (key, value) in (await Backend.ServersAsync(database, bucket)).Settings) Console.WriteLine($"export {key.Replace(":", "__", StringComparison.Ordinal)}='{value}'");
        Console.WriteLine($"export AWS_ACCESS_KEY_ID={bucket.AccessKey} AWS_SECRET_ACCESS_KEY={bucket.SecretKey}");
        await Task.Delay(Timeout.Infinite);
    }
}
