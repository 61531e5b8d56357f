using System.ComponentModel;
using System.Globalization;
using FrameVideo.Contracts;
using Microsoft.AspNetCore.Mvc;

namespace FrameVideo.Hosting;

/// <summary>From where on a log is read, and how much of it.</summary>
/// <param name="LastEventId">The number of the last event that was seen, as browsers say it when they connect again. Wins over <c>after</c>.</param>
/// <param name="After">The same in the address.</param>
/// <param name="Cursor">A page's <c>nextCursor</c>.</param>
/// <param name="Limit">The size of a page: 1-100, 20 by default.</param>
public sealed record EventQuery(
    [property: FromHeader(Name = "Last-Event-ID"), Description("The number of the last event that was seen. Wins over `after`.")] string? LastEventId,
    [property: FromQuery(Name = "after"), Description("The number of the last event that was seen, 0 for none.")] long? After,
    [property: FromQuery(Name = "cursor"), Description("A page's `nextCursor`.")] string? Cursor,
    [property: FromQuery(Name = "limit"), Description("The size of a page: 1-100.")] int? Limit)
{
    /// <summary>The number after which to go on.</summary>
    /// <exception cref="ProblemException">It is no number, or a negative one.</exception>
    internal long From
    {
        get
        {
            if (!string.IsNullOrEmpty(LastEventId)) return Number(LastEventId) ?? throw new ProblemException(ErrorCodes.InvalidRequest, "Last-Event-ID is the number of an event: 0 or more, as its id says.");
            return Paging.Read(EventFeed.List, Cursor) ?? (After is null or >= 0 ? After ?? 0 : throw new ProblemException(ErrorCodes.InvalidRequest, "after is the number of an event: 0 or more."));
        }
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
