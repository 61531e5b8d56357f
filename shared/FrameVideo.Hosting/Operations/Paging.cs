using System.Buffers.Text;
using System.Globalization;
using System.Text;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>
/// Pages of lists: a cursor is the place of the last entry, opaque to clients, so what is added meanwhile moves nothing. It names the kind of list that gave it and no user: handed to
/// another kind it is refused, and handed in by somebody else it is a place in their own list.
/// </summary>
public static class Paging
{
    private const int MaxLength = 400;

    /// <summary>The size of a page: 1-100, 20 by default.</summary>
    /// <exception cref="ProblemException">It is out of range.</exception>
    public static int Limit(int? limit) => limit is null or (>= 1 and <= 100) ? limit ?? 20 : throw ProblemException.Field("limit", "limit is 1 to 100.");

    /// <summary>Writes the place of an entry of a list that runs from the newest back.</summary>
    public static string Write(DateTimeOffset time, string id) => Encode($"{time.UtcTicks} {id}");

    /// <summary>Writes the place of an entry that has a number.</summary>
    /// <param name="list">Which kind of list: a letter.</param>
    /// <param name="number">The entry's.</param>
    public static string Write(char list, long number) => Encode($"{list}{number}");

    /// <summary>Reads a place; two nulls for no cursor. Whether the ID is one that the list can have is for the list to see.</summary>
    /// <exception cref="ProblemException">invalid-cursor.</exception>
    public static (DateTimeOffset? Time, string? Id) Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return (null, null);
        var parts = Decode(cursor).Split(' ');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), parts[1])
            : throw Invalid();
    }

    /// <summary>Reads a number's place; null for no cursor.</summary>
    /// <exception cref="ProblemException">invalid-cursor.</exception>
    public static long? Read(char list, string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return null;
        var text = Decode(cursor);
        return text.Length > 1 && text[0] == list && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid();
    }

    /// <summary>The refusal of a cursor that no list gave.</summary>
    public static ProblemException Invalid() => new(ErrorCodes.InvalidCursor, "Hand back a nextCursor as it was given, to the list that gave it.");

    private static string Encode(FormattableString place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place.ToString(CultureInfo.InvariantCulture)));

    private static string Decode(string cursor) => cursor.Length <= MaxLength && Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : throw Invalid();
}
