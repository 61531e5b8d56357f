using FrameVideo.Contracts;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.Storage.Tests;

/// <summary>What every store keeps about listing, deleting and names.</summary>
public abstract partial class ObjectStoreContract
{
    private static readonly string Hash = new('a', 64);

    [ServerFact]
    public async Task A_listing_is_in_ordinal_order_of_the_keys_and_tells_sizes()
    {
        var (user, before) = (User(), TimeProvider.System.GetUtcNow().AddMinutes(-5));
        List<ObjectKey> keys = [];
        foreach (var request in new[] { "req_1_a", "req_1_ab", "req_10_a", "req_2_a", "req_1_a0" })
        {
            var id = RequestId.Parse(request);
            keys.AddRange([
                ObjectKeys.Frame(user, id, 2, Hash, "png"), ObjectKeys.Frame(user, id, 10, Hash, "jpg"), ObjectKeys.Frame(user, id, 1, Hash, "webp"), ObjectKeys.Manifest(user, id),
                ObjectKeys.Upload(user, id, "Zoo.png", Hash, "png"), ObjectKeys.Upload(user, id, "ant.png", Hash, "png"), ObjectKeys.Upload(user, id, "a-b.c.png", Hash, "png"),
                ObjectKeys.Clip(user, id, 1, Hash), ObjectKeys.Joint(user, id, 1, Hash), ObjectKeys.Film(user, id, VideoId.Parse("vid_1_a"), "mp4"),
            ]);
        }

        foreach (var (index, key) in keys.Index()) await Put(key, new byte[index]);
        var listed = await List(ObjectKeys.UserPrefix(user));

        Assert.Equal(keys.Order(Comparer<ObjectKey>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))), listed.Select(entry => entry.Key));
        Assert.All(listed, entry => Assert.Equal(keys.IndexOf(entry.Key), entry.Length));
        Assert.All(listed, entry => Assert.InRange(entry.LastModified, before, before.AddMinutes(30)));
    }

    [ServerFact]
    public async Task A_listing_stays_within_its_folder()
    {
        await Put(Key(user: "al"), [1]);
        await Put(Key(user: "ali"), [1]);
        await Put(Key(2, "al", "req_1_aa"), [1]);
        var prefix = ObjectKeys.RequestPrefix(User("al"), RequestId.Parse("req_1_a"));
        Assert.Equal([Key(user: "al")], (await List(prefix)).Select(entry => entry.Key));
    }

    [ServerFact]
    public async Task A_deleted_object_is_gone_and_its_name_is_free()
    {
        await Put(Key(1), [1]);
        await Put(Key(2), [2]);
        Assert.True(await Store.DeleteAsync(Key(1), CancellationToken.None));
        Assert.False(await Store.DeleteAsync(Key(1), CancellationToken.None));
        Assert.Null(await Store.GetAsync(Key(1), null, CancellationToken.None));
        Assert.Equal([2], await Get(Key(2)));
        Assert.Equal(PutOutcome.Stored, await Put(Key(1), [9]));
        Assert.Equal([9], await Get(Key(1)));
    }

    [ServerFact]
    public async Task Deleting_a_folder_counts_what_was_there_and_leaves_its_neighbours()
    {
        for (var number = 1; number <= 12; number++) await Put(Key(number), [1]);
        await Put(ObjectKeys.Clip(User(), RequestId.Parse("req_1_a"), 1, Hash), [2]);
        await Put(Key(request: "req_1_aa"), [3]);
        await Put(Key(user: "u2"), [4]);

        Assert.Equal(12, await Store.DeleteAsync(ObjectKeys.FramesPrefix(User(), RequestId.Parse("req_1_a")), CancellationToken.None));
        Assert.Single(await List(ObjectKeys.RequestPrefix(User(), RequestId.Parse("req_1_a"))));
        Assert.Equal(2, await Store.DeleteAsync(ObjectKeys.UserPrefix(User()), CancellationToken.None));
        Assert.Empty(await List(ObjectKeys.UserPrefix(User())));
        Assert.Equal([4], await Get(Key(user: "u2")));
    }

    [ServerFact]
    public async Task Puts_beside_deletions_all_end_well()
    {
        using var file = await Folder.Spooled([1]);
        var prefix = ObjectKeys.UserPrefix(User());
        var puts = Enumerable.Range(1, 200).Select(number => Store.PutAsync(Key(number), file, CancellationToken.None));
        var deletions = Enumerable.Range(1, 40).Select(_ => Store.DeleteAsync(prefix, CancellationToken.None));
        var (stored, deleted) = (await Task.WhenAll(puts.ToArray()), await Task.WhenAll(deletions.ToArray()));

        Assert.All(stored, outcome => Assert.Equal(PutOutcome.Stored, outcome));
        Assert.All(deleted, count => Assert.InRange(count, 0, 200));
        if (DeletionsShareOut) Assert.InRange((await List(prefix)).Count + deleted.Sum(), 0, 200);
    }

    [ServerFact]
    public async Task Names_that_differ_in_case_alone_are_different_names()
    {
        string[] users = ["alice", "Alice", "ALICE", "aLICE"];
        foreach (var (index, user) in users.Index()) Assert.Equal(PutOutcome.Stored, await Put(Key(user: user), [(byte)index]));
        foreach (var (index, user) in users.Index()) Assert.Equal([(byte)index], await Get(Key(user: user)));
        foreach (var user in users) Assert.Equal([Key(user: user)], (await List(ObjectKeys.UserPrefix(User(user)))).Select(entry => entry.Key));
    }

    [ServerFact]
    public async Task Users_are_listed_each_once()
    {
        string[] names = ["bob", "Bob", "a|b", new string('X', UserId.MaxLength - User("").ToString().Length)];
        foreach (var name in names)
        {
            await Put(Key(1, name), [1]);
            await Put(Key(2, name, "req_2_a"), [1]);
        }

        var users = new List<UserId>();
        await foreach (var user in Store.ListUsersAsync(CancellationToken.None)) users.Add(user);
        Assert.Equal(names.Select(User).Order(Comparer<UserId>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))), users.Where(user => names.Select(User).Contains(user)));
        Assert.Equal(users.Distinct().Count(), users.Count);
    }

    [ServerTheory]
    [MemberData(nameof(OddUsers))]
    public async Task Odd_user_names_are_kept(string user)
    {
        var key = TemporaryFolder.FrameKey(user);
        await Store.DeleteAsync(key, CancellationToken.None);
        Assert.Equal(PutOutcome.Stored, await Put(key, [1]));
        Assert.Equal([1], await Get(key));
        Assert.Equal([key], (await List(ObjectKeys.UserPrefix(key.UserId))).Select(entry => entry.Key));
        Assert.Equal(1, await Store.DeleteAsync(ObjectKeys.UserPrefix(key.UserId), CancellationToken.None));
    }

    [ServerFact]
    public async Task The_longest_names_are_kept()
    {
        var user = User().ToString();
        var capitals = user + new string('X', UserId.MaxLength - user.Length - 1);
        var request = RequestId.Parse("req_9999999999999999_zzzzzzzzzzzzzzzz");
        foreach (var last in "XY:")
        {
            var key = ObjectKeys.Upload(UserId.Parse(capitals + last), request, new string('W', 200) + ".png", Hash, "webp");
            Assert.Equal(PutOutcome.Stored, await Put(key, [(byte)last]));
            Assert.Equal([(byte)last], await Get(key));
            Assert.Equal([key], (await List(ObjectKeys.UserPrefix(key.UserId))).Select(entry => entry.Key));
        }
    }
}
