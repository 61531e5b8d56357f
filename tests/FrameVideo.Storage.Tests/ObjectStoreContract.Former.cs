using FrameVideo.Contracts;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.Storage.Tests;

/// <summary>What every store keeps about objects under names that are no keys of the layout.</summary>
public abstract partial class ObjectStoreContract
{
    protected abstract IFormerObjects Former { get; }

    [ServerFact]
    public async Task Former_objects_are_listed_by_prefix_in_ordinal_order()
    {
        string[] names = ["a/b.png", "a-b.png", "a/B/c.png", "ab/x", "b.png"];
        foreach (var (index, name) in names.Index()) await WriteFormer(FormerName(name), new byte[index]);

        var all = await ListFormer(FormerName(""));
        Assert.Equal(names.Select(FormerName).Order(StringComparer.Ordinal), all.Select(found => found.Name));
        Assert.All(all, found => Assert.Equal(Array.IndexOf(names, found.Name[FormerName("").Length..]), found.Length));
        Assert.Equal(["a-b.png", "a/B/c.png", "a/b.png", "ab/x"], (await ListFormer(FormerName("a"))).Select(found => found.Name[FormerName("").Length..]));
        Assert.Equal(["a/B/c.png", "a/b.png"], (await ListFormer(FormerName("a/"))).Select(found => found.Name[FormerName("").Length..]));
        Assert.Empty(await ListFormer(FormerName("c")));
    }

    [ServerFact]
    public async Task A_former_object_is_read_and_copied_to_its_key_once()
    {
        var name = FormerName("session_1_a/frame 1+.png");
        await WriteFormer(name, [1, 2, 3]);
        var found = Assert.Single(await ListFormer(name));
        await using (var opened = await Former.ReadAsync(name, CancellationToken.None))
        {
            var bytes = new byte[4];
            Assert.Equal(3, await opened!.Content.ReadAtLeastAsync(bytes, 4, throwOnEndOfStream: false));
            Assert.Equal([1, 2, 3], bytes[..3]);
        }

        var key = ObjectKeys.Frame(User(), RequestId.Parse("req_1_a"), 1, TemporaryFolder.Sha256([1, 2, 3]), "png");
        Assert.Equal(PutOutcome.Stored, await Former.CopyAsync(found, key, TemporaryFolder.Sha256([1, 2, 3]), CancellationToken.None));
        Assert.Equal([1, 2, 3], await Get(key));
        Assert.Equal(PutOutcome.Same, await Former.CopyAsync(found, key, TemporaryFolder.Sha256([1, 2, 3]), CancellationToken.None));
        Assert.Equal(PutOutcome.Same, await Put(key, [1, 2, 3]));
        Assert.Equal([name], (await ListFormer(name)).Select(former => former.Name));
    }

    [ServerFact]
    public async Task A_copy_never_overwrites()
    {
        var name = FormerName("x.png");
        await WriteFormer(name, [1, 2, 3]);
        await Put(Key(), [3, 2, 1]);
        Assert.Equal(PutOutcome.Conflict, await Former.CopyAsync(Assert.Single(await ListFormer(name)), Key(), TemporaryFolder.Sha256([1, 2, 3]), CancellationToken.None));
        Assert.Equal([3, 2, 1], await Get(Key()));
    }

    [ServerFact]
    public async Task A_former_object_that_is_not_there_is_null_and_cannot_be_copied()
    {
        Assert.Null(await Former.ReadAsync(FormerName("none/x.png"), CancellationToken.None));
        await Assert.ThrowsAsync<FileNotFoundException>(() =>
            Former.CopyAsync(new FormerObject(FormerName("x.png"), 3, default), Key(), TemporaryFolder.Sha256([1]), CancellationToken.None));
    }

    protected abstract Task WriteFormer(string name, byte[] bytes);

    private string FormerName(string name) => $"former-{_tag}/{name}";

    private async Task<List<FormerObject>> ListFormer(string prefix)
    {
        var found = new List<FormerObject>();
        await foreach (var former in Former.ListAsync(prefix, CancellationToken.None)) found.Add(former);
        return found;
    }
}
