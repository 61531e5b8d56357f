using Microsoft.Extensions.Options;

namespace FrameVideo.Storage.Tests;

public class FileObjectStoreTests : ObjectStoreContract
{
    private readonly FileObjectStore _store;
    private readonly FormerFolder _former;

    public FileObjectStoreTests()
        : this(hardLinks: true)
    {
    }

    protected FileObjectStoreTests(bool hardLinks)
    {
        _store = Folder.Store(hardLinks);
        _former = new FormerFolder(Options.Create(new FileObjectStoreOptions { Folder = Folder.Objects }), _store);
    }

    protected override IObjectStore Store => _store;

    protected override IFormerObjects Former => _former;

    public override void Dispose()
    {
        _former.Dispose();
        GC.SuppressFinalize(this);
        base.Dispose();
    }

    protected override async Task WriteFormer(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder.Objects, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, bytes);
    }
}

/// <summary>The same on disks that have no hard links, such as FAT.</summary>
public sealed class FileObjectStoreWithoutHardLinksTests() : FileObjectStoreTests(hardLinks: false);
