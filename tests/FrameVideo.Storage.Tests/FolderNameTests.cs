using System.Buffers;
using CsCheck;
using FrameVideo.Contracts;
using static FrameVideo.Storage.Tests.TemporaryFolder;

namespace FrameVideo.Storage.Tests;

/// <summary>Names and links in the folder store.</summary>
public sealed class FolderNameTests : IDisposable
{
    private const string Allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@+=:|~-";
    private static readonly string[] Odd = ["con", "CON", "nul.a", "lpt9", "com0.x.y", "a.", ".a", "...", "PROGRA~1"];
    private static readonly SearchValues<char> Unwanted = SearchValues.Create(":|~<>*?\"\\");

    private static readonly Gen<string> User = Gen.Frequency(
        (6, Gen.String[Gen.Char[Allowed], 1, 128]),
        (2, Gen.String[Gen.Char["AB:|~."], 120, 128]),
        (1, Gen.Int[0, Odd.Length - 1].Select(i => Odd[i])));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_user_has_one_path_and_every_path_gives_the_user_back() =>
        User.Where(user => UserId.TryParse(user, out _)).Sample(
            user =>
            {
                var path = FileNames.PathOf($"{user}/req_1_a/manifest.json");
                var names = path.Split(Path.DirectorySeparatorChar);
                return FileNames.KeyOf(path) == $"{user}/req_1_a/manifest.json"
                    && !path.Any(char.IsAsciiLetterUpper)
                    && names.All(name => name.Length <= 250 && name[0] != '.' && name[^1] != '.' && !name.AsSpan().ContainsAny(Unwanted));
            },
            iter: 20_000);

    [Fact]
    public void Two_users_never_share_a_path_even_where_case_is_ignored() =>
        Gen.Select(User, User).Where((a, b) => a != b).Sample(
            (a, b) => !string.Equals(FileNames.PathOf($"{a}/x"), FileNames.PathOf($"{b}/x"), StringComparison.OrdinalIgnoreCase), iter: 20_000);

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("a%")]
    [InlineData("%9")]
    [InlineData("%A")]
    [InlineData("A")]
    [InlineData(".tmp")]
    [InlineData("a.")]
    [InlineData("a%3b")]
    [InlineData("%0alice")]
    [InlineData("con")]
    [InlineData("a:b")]
    [InlineData("%+")]
    public void Names_that_the_store_never_gives_are_nobodys(string name) => Assert.Null(FileNames.Unescape(name));

    [Fact]
    public async Task Foreign_files_are_passed_over_in_listings_and_go_with_their_folder()
    {
        using var store = _folder.Store();
        using var file = await _folder.Spooled([1]);
        await store.PutAsync(FrameKey(), file, CancellationToken.None);
        var user = Path.Combine(_folder.Objects, "alice");
        await File.WriteAllTextAsync(Path.Combine(user, ".DS_Store"), "x");
        await File.WriteAllTextAsync(Path.Combine(user, "req_1_a", "Notes.txt"), "x");
        Directory.CreateDirectory(Path.Combine(user, "lost+found"));

        var prefix = ObjectKeys.UserPrefix(FrameKey().UserId);
        Assert.Equal([FrameKey()], (await store.ListAsync(prefix, CancellationToken.None).ToListAsync()).Select(entry => entry.Key));
        Assert.Equal(1, await store.DeleteAsync(prefix, CancellationToken.None));
        Assert.False(Directory.Exists(user));
    }

    [Fact]
    public async Task Emptied_folders_go_with_their_last_object()
    {
        using var store = _folder.Store();
        using var file = await _folder.Spooled([1]);
        await store.PutAsync(FrameKey(), file, CancellationToken.None);
        await store.PutAsync(FrameKey(request: "req_2_a"), file, CancellationToken.None);
        await store.DeleteAsync(FrameKey(), CancellationToken.None);
        Assert.Equal("req_2_a", Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(_folder.Objects, "alice")))));
        await store.DeleteAsync(FrameKey(request: "req_2_a"), CancellationToken.None);
        Assert.Equal(".tmp", Path.GetFileName(Assert.Single(Directory.GetDirectories(_folder.Objects))));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("alice/req_1_a")]
    [InlineData("alice/req_1_a/reference-frames")]
    public async Task A_symbolic_link_in_the_way_is_refused_and_what_it_leads_to_stays(string at)
    {
        var secret = Directory.CreateDirectory(_folder.In("secret")).FullName;
        var inside = Path.Combine(secret, FrameKey().ToString()["alice/".Length..].Replace("req_1_a/", at == "alice" ? "req_1_a/" : "", StringComparison.Ordinal)
            .Replace("reference-frames/", at.EndsWith("frames", StringComparison.Ordinal) ? "" : "reference-frames/", StringComparison.Ordinal));
        Directory.CreateDirectory(Path.GetDirectoryName(inside)!);
        await File.WriteAllTextAsync(inside, "secret");
        using var store = _folder.Store();
        await store.ProbeAsync(CancellationToken.None);
        var link = Path.Combine(_folder.Objects, at);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        Directory.CreateSymbolicLink(link, secret);

        using var file = await _folder.Spooled([1]);
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => store.GetAsync(FrameKey(), null, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => store.PutAsync(FrameKey(), file, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => store.DeleteAsync(FrameKey(), CancellationToken.None));
        var prefix = ObjectKeys.FramesPrefix(FrameKey().UserId, FrameKey().RequestId);
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => store.DeleteAsync(prefix, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => store.ListAsync(prefix, CancellationToken.None).ToListAsync().AsTask());
        Assert.Equal("secret", await File.ReadAllTextAsync(inside));
    }

    [Fact]
    public async Task A_symbolic_link_below_is_not_listed_and_deleting_removes_the_link_alone()
    {
        using var store = _folder.Store();
        using var file = await _folder.Spooled([1]);
        await store.PutAsync(FrameKey(), file, CancellationToken.None);
        var outside = Path.Combine(Directory.CreateDirectory(_folder.In("outside")).FullName, "file");
        await File.WriteAllTextAsync(outside, "stays");
        var request = Path.Combine(_folder.Objects, "alice", "req_1_a");
        Directory.CreateSymbolicLink(Path.Combine(request, "video-clips"), _folder.In("outside"));
        File.CreateSymbolicLink(Path.Combine(request, "manifest.json"), outside);

        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => store.GetAsync(ManifestKey(), null, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => store.ReplaceAsync(ManifestKey(), new byte[1], CancellationToken.None));
        var prefix = ObjectKeys.UserPrefix(FrameKey().UserId);
        Assert.Single(await store.ListAsync(prefix, CancellationToken.None).ToListAsync());
        Assert.Equal(1, await store.DeleteAsync(prefix, CancellationToken.None));
        Assert.Equal("stays", await File.ReadAllTextAsync(outside));
    }
}
