using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace FrameVideo.Storage.Tests;

/// <summary>This assembly as a process of its own, for what a test cannot do to itself: be killed, hit a limit, lose its rights.</summary>
public static partial class Child
{
    private const int FileSizeLimit = 1;
    private const int FileSizeSignal = 25;
    private const nint Ignore = 1;

    /// <summary>Starts this assembly with these arguments; what it prints can be read.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments.Prepend(typeof(Child).Assembly.Location)) start.ArgumentList.Add(argument);

        // The runtime's own doubly mapped memory counts as a file that grows, and would meet the limit of "put-limited".
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end and gives back what it printed.</summary>
    public static async Task<string> Run(params string[] arguments)
    {
        using var child = Start(arguments);
        var text = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return text.Trim();
    }

    public static async Task<int> Main(string[] arguments)
    {
        using var folder = new FileObjectStore(
            Options.Create(new FileObjectStoreOptions { Folder = arguments[1] }), new LinkTokens(Options.Create(new LinkTokenOptions()), TimeProvider.System), TimeProvider.System);
        Console.WriteLine(await Answer(() => arguments[0] switch
        {
            "put" => Put(folder, arguments[2], long.Parse(arguments[3], CultureInfo.InvariantCulture), arguments[4]),
            "probe" => Probe(folder),
            "put-limited" => PutLimited(folder, arguments[2]),
            "put-denied" => PutDenied(folder, arguments[1], arguments[2]),
            "key" => Task.FromResult(new LinkTokens(Options.Create(new LinkTokenOptions { KeyFile = arguments[2] }), TimeProvider.System)
                .Sign(Contracts.UserId.Parse("alice"), "x", DateTimeOffset.UnixEpoch)),
            _ => throw new ArgumentException($"{arguments[0]}?"),
        }));
        return 0;
    }

    private static async Task<string> Answer(Func<Task<string>> work)
    {
        try
        {
            return await work();
        }
        catch (IOException e)
        {
            return e.GetType().Name;
        }
    }

    private static async Task<string> Put(FileObjectStore store, string path, long length, string hash) =>
        (await store.PutAsync(TemporaryFolder.FrameKey(), new SpooledFile(path, length, hash), CancellationToken.None)).ToString();

    private static async Task<string> Probe(FileObjectStore store)
    {
        await store.ProbeAsync(CancellationToken.None);
        return "answers";
    }

    /// <summary>A put of a file that is larger than this process may write: the disk is full, as far as it can see.</summary>
    private static async Task<string> PutLimited(FileObjectStore store, string path)
    {
        await Probe(store);
        _ = signal(FileSizeSignal, Ignore);
        var bytes = await File.ReadAllBytesAsync(path);
        var (limited, free) = (new Limit(64 * 1024), new Limit(ulong.MaxValue));
        if (setrlimit(FileSizeLimit, in limited) != 0) throw new InvalidOperationException("setrlimit");
        try
        {
            return await Put(store, path, bytes.Length, TemporaryFolder.Sha256(bytes));
        }
        finally
        {
            _ = setrlimit(FileSizeLimit, in free);
        }
    }

    /// <summary>A put, a get and a listing where a folder may not be touched; root gives up its rights for that.</summary>
    private static async Task<string> PutDenied(FileObjectStore store, string root, string path)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        await Put(store, path, bytes.Length, TemporaryFolder.Sha256(bytes));
        await Answer(() => throw new ObjectStoreForbiddenException("Loads what is needed."));
        var user = Path.Combine(root, "alice");
        File.SetUnixFileMode(user, UnixFileMode.None);
        var isRoot = Environment.IsPrivilegedProcess;
        if (isRoot && seteuid(65534) != 0) throw new InvalidOperationException("seteuid");
        try
        {
            var put = await Answer(() => Put(store, path, bytes.Length, TemporaryFolder.Sha256(bytes)));
            var get = await Answer(async () => (await store.GetAsync(TemporaryFolder.FrameKey(), null, CancellationToken.None))?.Length.ToString(CultureInfo.InvariantCulture) ?? "null");
            return $"{put} {get}";
        }
        finally
        {
            if (isRoot) _ = seteuid(0);
            File.SetUnixFileMode(user, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, in Limit limit);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int seteuid(uint user);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limit(ulong soft)
    {
        public readonly ulong Soft = soft;
        public readonly ulong Hard = ulong.MaxValue;
    }
}
