using System.Diagnostics;
using System.Security.Cryptography;
using FrameVideo.Contracts;
using static FrameVideo.Storage.Tests.TemporaryFolder;

namespace FrameVideo.Storage.Tests;

/// <summary>What the folder store answers when its disk does not do as it should.</summary>
public sealed class FolderFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Verbs => new("put", "replace", "get", "list", "delete", "deletePrefix", "probe");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task An_unmounted_disk_is_an_outage_and_never_an_empty_store(string verb)
    {
        using var store = _folder.Store();
        await store.ProbeAsync(CancellationToken.None);

        // What is left of a mount point.
        Directory.Delete(_folder.Objects, recursive: true);
        Directory.CreateDirectory(_folder.Objects);
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => Do(store, verb));

        Directory.Delete(_folder.Objects);
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => Do(store, verb));
        Assert.False(Directory.Exists(_folder.Objects));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_folder_that_cannot_be_made_is_an_outage(string verb)
    {
        await File.WriteAllTextAsync(_folder.Objects, "a file where the folder should be");
        using var store = _folder.Store();
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => Do(store, verb));
    }

    [Fact]
    public async Task A_store_is_found_again_after_its_disk_is_back()
    {
        using var store = _folder.Store();
        await Do(store, "put");
        Directory.Move(_folder.Objects, _folder.In("away"));
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => Do(store, "get"));
        Directory.Move(_folder.In("away"), _folder.Objects);
        Assert.NotNull(await store.GetAsync(FrameKey(), null, CancellationToken.None));
    }

    [Fact]
    public async Task A_disk_that_takes_no_more_is_an_outage_and_leaves_nothing()
    {
        await File.WriteAllBytesAsync(_folder.In("large"), RandomNumberGenerator.GetBytes(1 << 20));
        Assert.Equal(nameof(ObjectStoreUnavailableException), await Child.Run("put-limited", _folder.Objects, _folder.In("large")));
        Assert.DoesNotContain(Files(), file => new FileInfo(file).Length > 1000);
    }

    [Fact]
    public void A_full_disk_is_an_outage()
    {
        // The kernel's own ENOSPC, without a disk to fill.
        var failure = Assert.ThrowsAny<Exception>(() =>
        {
            using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
            RandomAccess.Write(full, [1], 0);
        });
        Assert.True(Disk.HasFailed(failure));
        Assert.IsType<ObjectStoreUnavailableException>(Disk.Tell(failure, "x"));
    }

    [Fact]
    public async Task A_folder_that_may_not_be_touched_is_a_refusal_and_not_absence()
    {
        await File.WriteAllBytesAsync(_folder.In("small"), [1]);
        File.SetUnixFileMode(_folder.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var refusal = nameof(ObjectStoreForbiddenException);
        Assert.Equal($"{refusal} {refusal}", await Child.Run("put-denied", _folder.Objects, _folder.In("small")));
    }

    [Fact]
    public async Task A_process_killed_in_the_middle_of_a_put_leaves_nothing_to_see_and_the_next_start_sweeps()
    {
        var pipe = _folder.In("pipe");
        using (var make = Process.Start("mkfifo", pipe)) await make.WaitForExitAsync();
        var half = RandomNumberGenerator.GetBytes(1 << 20);
        using (var child = Child.Start("put", _folder.Objects, pipe, (half.Length * 2).ToString(), new string('0', 64)))
        {
            // A pipe holds 64 KiB: once all is written the child has read most of it, and waits for more.
            await using var writer = new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            await writer.WriteAsync(half);
            child.Kill();
            await child.WaitForExitAsync();
        }

        Assert.Contains(Files(), file => new FileInfo(file).Length > half.Length / 2);
        using (var store = _folder.Store())
        {
            Assert.Null(await store.GetAsync(FrameKey(), null, CancellationToken.None));
            Assert.Empty(await store.ListAsync(ObjectKeys.UserPrefix(FrameKey().UserId), CancellationToken.None).ToListAsync());
            Assert.Contains(Files(), file => new FileInfo(file).Length > half.Length / 2);
        }

        Assert.Equal("answers", await Child.Run("probe", _folder.Objects));
        Assert.Equal(".framevideo", Path.GetFileName(Assert.Single(Files())));
    }

    [Fact]
    public async Task A_later_start_leaves_the_temporary_files_of_living_processes_alone()
    {
        using var scratch = new Scratch(_folder.In("objects/.tmp"));
        var path = scratch.NewPath();
        await File.WriteAllTextAsync(path, "still being written");
        Assert.Equal("answers", await Child.Run("probe", _folder.Objects));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_spooled_file_that_has_changed_is_refused()
    {
        using var store = _folder.Store();
        using var file = await _folder.Spooled([1, 2, 3]);
        await File.WriteAllBytesAsync(file.Path, [1, 2, 4]);
        await Assert.ThrowsAsync<InvalidDataException>(() => store.PutAsync(FrameKey(), file, CancellationToken.None));
        Assert.Null(await store.GetAsync(FrameKey(), null, CancellationToken.None));
        Assert.DoesNotContain(Files(), name => name.EndsWith(".part", StringComparison.Ordinal) && name != file.Path);
    }

    [Fact]
    public async Task A_spooled_file_that_is_gone_is_no_outage()
    {
        using var store = _folder.Store();
        using var file = await _folder.Spooled([1]);
        File.Delete(file.Path);
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.PutAsync(FrameKey(), file, CancellationToken.None));
    }

    private string[] Files() => Directory.GetFiles(_folder.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        .Where(file => file.StartsWith(_folder.Objects, StringComparison.Ordinal)).ToArray();

    private async Task Do(FileObjectStore store, string verb)
    {
        using var file = await _folder.Spooled([1]);
        var prefix = ObjectKeys.UserPrefix(FrameKey().UserId);
        await (verb switch
        {
            "put" => store.PutAsync(FrameKey(), file, CancellationToken.None),
            "replace" => store.ReplaceAsync(ManifestKey(), new byte[] { 1 }, CancellationToken.None),
            "get" => store.GetAsync(FrameKey(), null, CancellationToken.None),
            "list" => store.ListAsync(prefix, CancellationToken.None).ToListAsync().AsTask(),
            "delete" => store.DeleteAsync(FrameKey(), CancellationToken.None),
            "deletePrefix" => store.DeleteAsync(prefix, CancellationToken.None),
            _ => store.ProbeAsync(CancellationToken.None),
        });
    }
}
