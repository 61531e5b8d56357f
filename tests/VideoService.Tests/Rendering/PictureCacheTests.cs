using FrameVideo.Contracts;
using SkiaSharp;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

public class PictureCacheTests
{
    private static readonly byte[][] Pictures = [.. Enumerable.Range(1, 5).Select(i => TestPictures.Flat(32, 18, SKColor.FromHsl(i * 60, 80, 50)))];
    private readonly List<int> _opened = [];

    [Fact]
    public async Task A_picture_is_decoded_once_for_all_who_ask_at_once()
    {
        using var cache = Cache(3);
        var planes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cache.GetAsync(2, default)));
        Assert.All(planes, one => Assert.Same(planes[0], one));
        Assert.Equal([2], _opened);
    }

    [Fact]
    public async Task The_longest_unused_picture_goes_first()
    {
        using var cache = Cache(2);
        foreach (var number in new[] { 1, 2, 1, 3, 1, 2 }) await cache.GetAsync(number, default);
        Assert.Equal([1, 2, 3, 2], _opened);
    }

    [Fact]
    public async Task Other_bytes_than_the_saved_ones_are_corrupt_and_the_frame_is_named()
    {
        using var cache = Cache(2, number => number == 4 ? Pictures[0] : null);
        var problem = await Assert.ThrowsAsync<PictureException>(() => cache.GetAsync(4, default));
        Assert.Equal((ErrorCodes.FrameCorrupt, 4), (problem.Code, problem.Frame));
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var failing = true;
        using var cache = Cache(2, _ => failing ? throw new IOException("The store is away.") : null);
        await Assert.ThrowsAsync<IOException>(() => cache.GetAsync(1, default));
        failing = false;
        Assert.NotNull(await cache.GetAsync(1, default));
    }

    [Fact]
    public async Task One_who_gives_up_does_not_take_the_others_along()
    {
        var first = true;
        using var gate = new SemaphoreSlim(0);
        var plan = Plan();
        using var cache = new PictureCache(
            plan,
            async (number, canceled) =>
            {
                if (!first) return new MemoryStream(Pictures[number - 1]);
                first = false;
                gate.Release();
                await Task.Delay(Timeout.Infinite, canceled);
                throw new InvalidOperationException("Not reached.");
            },
            new RenderingOptions());
        using var giveUp = new CancellationTokenSource();
        var one = cache.GetAsync(1, giveUp.Token);
        await gate.WaitAsync();
        var other = cache.GetAsync(1, default);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.NotNull(await other);
    }

    private static FilmPlan Plan() => FilmPlan.Create(
        new FilmSettings { DurationSeconds = 5, Fps = 25, Width = 32, Height = 18, Motion = Motion.None, Transition = Transition.Cut, Quality = VideoQuality.Draft },
        [.. Pictures.Select((picture, i) => new FilmFrame(i + 1, TestPictures.Sha256(picture), 32, 18))],
        "");

    private PictureCache Cache(int kept, Func<int, byte[]?>? instead = null) => new(
        Plan(),
        (number, _) =>
        {
            lock (_opened) _opened.Add(number);
            return Task.FromResult<Stream>(new MemoryStream(instead?.Invoke(number) ?? Pictures[number - 1]));
        },
        new RenderingOptions { CachedPictures = kept });
}
