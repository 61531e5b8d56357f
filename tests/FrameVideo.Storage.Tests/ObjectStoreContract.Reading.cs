using System.Text;
using FrameVideo.Contracts;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.Storage.Tests;

/// <summary>What every store keeps about parts of objects and about the records that are rewritten.</summary>
public abstract partial class ObjectStoreContract
{
    [ServerTheory]
    [InlineData(null, null, 0, 10)]
    [InlineData(0L, null, 0, 10)]
    [InlineData(0L, 0L, 0, 1)]
    [InlineData(3L, 5L, 3, 3)]
    [InlineData(3L, null, 3, 7)]
    [InlineData(9L, 9L, 9, 1)]
    [InlineData(9L, 99L, 9, 1)]
    [InlineData(0L, 9L, 0, 10)]
    [InlineData(0L, long.MaxValue, 0, 10)]
    [InlineData(null, 1L, 9, 1)]
    [InlineData(null, 10L, 0, 10)]
    [InlineData(null, 99L, 0, 10)]
    public async Task A_range_gives_that_part(long? from, long? to, int offset, int length)
    {
        var bytes = Encoding.ASCII.GetBytes("0123456789");
        await Put(Key(), bytes);
        await using var part = await Store.GetAsync(Key(), new ByteRange(from, to), CancellationToken.None);
        Assert.NotNull(part);
        Assert.Equal((offset, length, 10), (part.Offset, part.Length, part.TotalLength));
        Assert.Equal(bytes[offset..(offset + length)], await Get(Key(), new ByteRange(from, to)));
    }

    [ServerTheory]
    [InlineData(10, 10L, null)]
    [InlineData(10, 10L, 20L)]
    [InlineData(10, long.MaxValue, null)]
    [InlineData(10, null, 0L)]
    [InlineData(0, 0L, null)]
    [InlineData(0, null, 5L)]
    public async Task A_range_past_the_end_is_refused_with_the_length(int total, long? from, long? to)
    {
        await Put(Key(), new byte[total]);
        var refusal = await Assert.ThrowsAsync<RangeNotSatisfiableException>(() => Store.GetAsync(Key(), new ByteRange(from, to), CancellationToken.None));
        Assert.Equal(total, refusal.TotalLength);
    }

    [ServerTheory]
    [InlineData(5L, 4L)]
    [InlineData(-1L, null)]
    [InlineData(null, -1L)]
    public async Task What_is_no_range_is_the_callers_mistake(long? from, long? to)
    {
        await Put(Key(), new byte[10]);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.GetAsync(Key(), new ByteRange(from, to), CancellationToken.None));
    }

    [ServerFact]
    public async Task A_record_is_rewritten_as_often_as_wanted()
    {
        var key = ObjectKeys.Manifest(User(), RequestId.Parse("req_1_a"));
        foreach (var text in new[] { "first", "second, and longer", "", "3" })
        {
            await Store.ReplaceAsync(key, Encoding.UTF8.GetBytes(text), CancellationToken.None);
            Assert.Equal(text, Encoding.UTF8.GetString(await Get(key)));
        }

        Assert.Single(await List(ObjectKeys.UserPrefix(User())));
    }

    [ServerFact]
    public async Task Only_records_are_rewritten()
    {
        await Put(Key(), [1]);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ReplaceAsync(Key(), new byte[] { 2 }, CancellationToken.None));
        Assert.Equal([1], await Get(Key()));
    }

    [ServerFact]
    public async Task Readers_see_the_former_record_or_the_new_one_whole()
    {
        var key = ObjectKeys.Manifest(User(), RequestId.Parse("req_1_a"));
        var versions = Enumerable.Range(0, 20).Select(i => Enumerable.Repeat((byte)i, 50_000 + i).ToArray()).ToArray();
        await Store.ReplaceAsync(key, versions[0], CancellationToken.None);
        var writing = Task.WhenAll(versions.Select(version => Task.Run(() => Store.ReplaceAsync(key, version, CancellationToken.None))));
        do
        {
            var seen = await Get(key);
            Assert.Equal(versions[seen[0]], seen);
        }
        while (!writing.IsCompleted);
        await writing;
    }
}
