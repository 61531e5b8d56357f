using System.Security.Cryptography;
using FrameVideo.Contracts;
using FrameVideo.TestKit.Servers;
using static FrameVideo.Storage.Tests.TemporaryFolder;

namespace FrameVideo.Storage.Tests;

/// <summary>What every store keeps. Each test has users of its own, so that stores may be shared between tests.</summary>
public abstract partial class ObjectStoreContract : IDisposable
{
    private readonly string _tag = RandomNumberGenerator.GetHexString(12, lowercase: true);

    protected TemporaryFolder Folder { get; } = new();

    protected abstract IObjectStore Store { get; }

    /// <summary>Whether of two deletions at once one alone counts an object. S3 does not say whether what it removed was there.</summary>
    protected virtual bool DeletionsShareOut => true;

    public static TheoryData<string> OddUsers => new(
        "con", "nul.txt", "com1", ".tmp", ".framevideo", "..x", "x..", "-rf", "PROGRA~1", "auth0|5f7c", "eu-west-1:abc", "a@b.example", "a+b=c", "~", "_");

    [ServerTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(131072)]
    [InlineData(1_000_003)]
    public async Task What_was_put_is_got_back_whole(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        Assert.Equal(PutOutcome.Stored, await Put(Key(), bytes));
        Assert.Equal(bytes, await Get(Key()));
    }

    [ServerFact]
    public async Task Putting_the_same_bytes_again_says_so()
    {
        Assert.Equal(PutOutcome.Stored, await Put(Key(), [1, 2, 3]));
        Assert.Equal(PutOutcome.Same, await Put(Key(), [1, 2, 3]));
    }

    [ServerTheory]
    [InlineData(new byte[] { 3, 2, 1 })]
    [InlineData(new byte[] { 1, 2 })]
    [InlineData(new byte[] { 1, 2, 3, 4 })]
    [InlineData(new byte[0])]
    public async Task Other_bytes_under_a_taken_name_are_a_conflict_and_the_first_ones_stay(byte[] others)
    {
        await Put(Key(), [1, 2, 3]);
        Assert.Equal(PutOutcome.Conflict, await Put(Key(), others));
        Assert.Equal([1, 2, 3], await Get(Key()));
    }

    [ServerFact]
    public async Task Of_fifty_different_puts_at_once_exactly_one_wins()
    {
        for (var round = 1; round <= 4; round++)
        {
            var key = Key(number: round);
            var contents = Enumerable.Range(0, 50).Select(i => RandomNumberGenerator.GetBytes(100 + i)).ToArray();
            var files = await Task.WhenAll(contents.Select(Folder.Spooled));
            using var start = new ManualResetEventSlim();
            var puts = files.Select(file => Task.Factory.StartNew(() =>
            {
                start.Wait();
                return Store.PutAsync(key, file, CancellationToken.None);
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()).ToArray();
            start.Set();
            var outcomes = await Task.WhenAll(puts);

            var winner = Assert.Single(outcomes.Index(), outcome => outcome.Item == PutOutcome.Stored).Index;
            Assert.Equal(49, outcomes.Count(outcome => outcome == PutOutcome.Conflict));
            Assert.Equal(contents[winner], await Get(key));
        }
    }

    [ServerFact]
    public async Task Of_fifty_equal_puts_at_once_one_stores_and_the_rest_find_the_same()
    {
        var files = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Folder.Spooled([7, 7, 7])));
        var outcomes = await Task.WhenAll(files.Select(file => Store.PutAsync(Key(), file, CancellationToken.None)));
        Assert.Single(outcomes, PutOutcome.Stored);
        Assert.Equal(49, outcomes.Count(outcome => outcome == PutOutcome.Same));
    }

    [ServerFact]
    public async Task A_file_can_be_put_again_after_it_was_read()
    {
        using var file = await Folder.Spooled([1, 2, 3]);
        await Store.PutAsync(Key(1), file, CancellationToken.None);
        await Store.PutAsync(Key(2), file, CancellationToken.None);
        Assert.Equal([1, 2, 3], await Get(Key(2)));
    }

    [ServerFact]
    public async Task A_canceled_put_leaves_nothing()
    {
        using var file = await Folder.Spooled([1]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(Key(), file, new CancellationToken(canceled: true)));
        Assert.Null(await Store.GetAsync(Key(), null, CancellationToken.None));
    }

    [ServerFact]
    public async Task What_is_not_there_is_null_empty_and_false()
    {
        Assert.Null(await Store.GetAsync(Key(), null, CancellationToken.None));
        Assert.Empty(await List(ObjectKeys.UserPrefix(User())));
        Assert.False(await Store.DeleteAsync(Key(), CancellationToken.None));
        Assert.Equal(0, await Store.DeleteAsync(ObjectKeys.UserPrefix(User()), CancellationToken.None));
    }

    [ServerFact]
    public async Task The_default_key_and_prefix_are_refused()
    {
        using var file = await Folder.Spooled([1]);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.PutAsync(default, file, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ReplaceAsync(default, new byte[1], CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.GetAsync(default, null, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(default(ObjectKey), CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(default(ObjectPrefix), CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => List(default));
        Assert.Throws<ArgumentException>(() => Store.Link(default));
    }

    [ServerFact]
    public async Task A_link_is_absolute_lasts_a_while_and_is_given_for_any_key()
    {
        var link = Store.Link(Key());
        Assert.True(Uri.TryCreate(link.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https", link.Url);
        Assert.InRange(link.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(30), TimeSpan.FromDays(7));
        Assert.Equal(Key(), StorageUrl.FindKey(link.Url));
        Assert.Equal(Key(), Store.KeyOf(link.Url));
        await Store.ProbeAsync(CancellationToken.None);
    }

    public virtual void Dispose()
    {
        (Store as IDisposable)?.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected UserId User(string name = "u") => UserId.Parse($"{name}-{_tag}");

    protected ObjectKey Key(int number = 1, string user = "u", string request = "req_1_a") => FrameKey(User(user).ToString(), number, request);

    protected async Task<PutOutcome> Put(ObjectKey key, byte[] bytes)
    {
        using var file = await Folder.Spooled(bytes);
        return await Store.PutAsync(key, file, CancellationToken.None);
    }

    protected async Task<byte[]> Get(ObjectKey key, ByteRange? range = null)
    {
        await using var found = await Store.GetAsync(key, range, CancellationToken.None);
        Assert.NotNull(found);
        using var bytes = new MemoryStream();
        await found.Content.CopyToAsync(bytes);
        Assert.Equal(found.Length, bytes.Length);
        return bytes.ToArray();
    }

    protected async Task<List<ObjectEntry>> List(ObjectPrefix prefix)
    {
        var entries = new List<ObjectEntry>();
        await foreach (var entry in Store.ListAsync(prefix, CancellationToken.None)) entries.Add(entry);
        return entries;
    }
}
