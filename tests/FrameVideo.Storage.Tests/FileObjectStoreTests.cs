namespace FrameVideo.Storage.Tests;

public sealed class FileObjectStoreTests : ObjectStoreContract
{
    public FileObjectStoreTests() => Store = Folder.Store();

    protected override IObjectStore Store { get; }
}

/// <summary>The same on disks that have no hard links, such as FAT.</summary>
public sealed class FileObjectStoreWithoutHardLinksTests : ObjectStoreContract
{
    public FileObjectStoreWithoutHardLinksTests() => Store = Folder.Store(hardLinks: false);

    protected override IObjectStore Store { get; }
}
