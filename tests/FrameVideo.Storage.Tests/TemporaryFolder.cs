using System.Security.Cryptography;
using FrameVideo.Contracts;
using Microsoft.Extensions.Options;

// Modes, pipes and limits: these tests run where the services do.
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace FrameVideo.Storage.Tests;

/// <summary>A folder for one test, with what tests of the store need in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly Lazy<Spool> _spool;

    public TemporaryFolder() => _spool = new(() => new Spool(Options.Create(new SpoolOptions { Folder = In("spool") })));

    public string Root { get; } = Directory.CreateTempSubdirectory("fv-storage-").FullName;

    public string Objects => In("objects");

    public Spool Spool => _spool.Value;

    public string In(string name) => Path.Combine(Root, name);

    public LinkTokens Tokens(TimeProvider? clock = null) => new(Options.Create(new LinkTokenOptions { KeyFile = In("link.key") }), clock ?? TimeProvider.System);

    public FileObjectStore Store(bool hardLinks = true, TimeProvider? clock = null) =>
        new(Options.Create(new FileObjectStoreOptions { Folder = Objects, PublicUrl = "http://127.0.0.1:8080" }), Tokens(clock), clock ?? TimeProvider.System) { HardLinks = hardLinks };

    public Task<SpooledFile> Spooled(byte[] bytes) => Spool.WriteAsync(bytes, CancellationToken.None);

    public void Dispose()
    {
        if (_spool.IsValueCreated) _spool.Value.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static ObjectKey FrameKey(string user = "alice", int number = 1, string request = "req_1_a", byte[]? bytes = null) =>
        ObjectKeys.Frame(UserId.Parse(user), RequestId.Parse(request), number, Sha256(bytes ?? [1]), "png");

    public static ObjectKey ManifestKey(string user = "alice") => ObjectKeys.Manifest(UserId.Parse(user), RequestId.Parse("req_1_a"));
}
