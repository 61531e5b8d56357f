namespace FrameVideo.Hosting.Tests.Callbacks;

/// <summary>Who gets how much of the places.</summary>
public sealed class HostSlotsTests
{
    [Fact]
    public void A_host_that_answers_gets_more_and_one_that_falls_silent_gets_one()
    {
        var slots = new HostSlots(total: 64, perHost: 8);
        foreach (var expected in (int[])[2, 4, 8, 8])
        {
            Assert.Equal(expected, slots.Take("a"));
            slots.Return("a", expected - 1);
            slots.Return("a", answered: true);
        }

        Assert.Equal(8, slots.Take("a"));
        slots.Return("a", 7);
        slots.Return("a", answered: false);
        Assert.Equal(1, slots.Take("a"));
        Assert.Equal(0, slots.Take("a"));
    }

    [Fact]
    public void Hosts_that_hang_however_many_leave_half_to_those_that_answer()
    {
        var slots = new HostSlots(total: 64, perHost: 8);
        slots.Take("good");
        slots.Return("good", 1);
        slots.Return("good", answered: true);
        Assert.Equal(32, Enumerable.Range(0, 1000).Sum(i => slots.Take($"silent{i}")));
        Assert.Equal(4, slots.Take("good"));
    }
}
