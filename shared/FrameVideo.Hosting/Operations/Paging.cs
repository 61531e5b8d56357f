using System.Buffers.Text;
using System.Globalization;
using System.Text;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>Pages of lists that run from the newest back: a cursor is the place of the last entry, opaque to clients.</summary>
public static class Paging
{
    /// <summary>The size of a page: 1-100, 20 by default.</summary>
    /// <exception cref="ProblemException">It is out of range.</exception>
    public static int Limit(int? limit) => limit is null or (>= 1 and <= 100) ? limit ?? 20 : throw ProblemException.Field("limit", "limit is 1 to 100.");

    /// <summary>Writes the place of an entry.</summary>
    public static string Write(DateTimeOffset time, string id) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time.UtcTicks} {id}")));

    /// <summary>Reads a place; two nulls for no cursor.</summary>
    /// <exception cref="ProblemException">invalid-cursor.</exception>
    public static (DateTimeOffset? Time, string? Id) Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return (null, null);
        if (cursor.Length > 400 || !Base64Url.IsValid(cursor)) throw Invalid();
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), parts[1])
            : throw Invalid();
    }

    /// <summary>The refusal of a cursor that no list gave.</summary>
    public static ProblemException Invalid() => new(ErrorCodes.InvalidCursor, "Hand back a nextCursor as it was given, to the list that gave it.");
}
