using FrameVideo.Contracts;

namespace FrameVideo.Storage.Tests;

public sealed class KeptLinksTests
{
    private readonly KeptLinks _links = new();

    [Fact]
    public void A_link_stays_however_many_others_are_given_once()
    {
        var link = new Link("https://films.example.org/one", DateTimeOffset.MaxValue);
        _links.Keep(Key(0), link, now: 9, until: 10);
        for (var i = 1; i <= 36_000; i++)
        {
            _links.Keep(Key(i), new Link("other", DateTimeOffset.MaxValue), now: 9, until: 10);
            if (i % 1000 != 0) continue;
            Assert.True(_links.TryGet(Key(0), now: 9, out var kept));
            Assert.Same(link, kept);
        }
    }

    [Fact]
    public void What_is_over_makes_room()
    {
        for (var i = 0; i < 50_000; i++) _links.Keep(Key(i), new Link("old", DateTimeOffset.MaxValue), now: 9, until: 10);
        for (var i = 50_000; i < 50_300; i++) _links.Keep(Key(i), new Link("new", DateTimeOffset.MaxValue), now: 10, until: 20);
        Assert.All(Enumerable.Range(50_000, 300), i => Assert.True(_links.TryGet(Key(i), now: 10, out _)));
    }

    [Fact]
    public void What_many_ask_for_is_kept()
    {
        for (var pass = 0; pass < 3; pass++)
        {
            for (var i = 0; i < 8000; i++)
            {
                if (!_links.TryGet(Key(i), now: 9, out _)) _links.Keep(Key(i), new Link("one", DateTimeOffset.MaxValue), now: 9, until: 10);
            }
        }

        Assert.InRange(Enumerable.Range(0, 8000).Count(i => _links.TryGet(Key(i), now: 9, out _)), 7500, 8000);
    }

    [Fact]
    public void A_link_whose_time_is_over_is_not_given_again()
    {
        _links.Keep(Key(0), new Link("https://films.example.org/one", DateTimeOffset.MaxValue), now: 9, until: 10);
        Assert.False(_links.TryGet(Key(0), now: 10, out _));
        Assert.False(_links.TryGet(Key(1), now: 9, out _));
    }

    private static ObjectKey Key(int i) => ObjectKey.Parse($"anna/req_{i}_a/reference-frames/frame_01_0123456789ab.png");
}
