using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace FrameVideo.Api.Tests.Isolation;

/// <summary>Everything that there is of anna: how it stands now, so that a change is noticed; and by what it is known, so that it is noticed where it should not be.</summary>
internal sealed class Traces(World world)
{
    /// <summary>What she has uploaded.</summary>
    public static List<byte[]> Pictures { get; } = [];

    private static readonly string[] FrameTables = ["sessions", "frames", "parked", "events", "deletions", "callbacks", "deliveries", "idempotency_keys", "superseded_frames", "erasures"];
    private static readonly string[] VideoTables = ["videos", "events", "callbacks", "deliveries", "idempotency_keys", "deleted_sessions", "erasures"];
    private static readonly string[] FilmTables = ["video_frames", "video_pieces", "video_frame_failures"];

    /// <summary>Words of hers that nobody else says, and pieces of her pictures.</summary>
    private IEnumerable<string> Words =>
    [
        World.Canary, world.Anna.User, world.Anna.Request, world.Anna.Video, world.AnnasShared.Video, HashOf(world.Anna.FrameKey), HashOf(world.AnnasShared.FrameKey),
        .. Pictures.Select(bytes => Encoding.Latin1.GetString(bytes, 33, 40)), .. Pictures.Select(bytes => Convert.ToBase64String(bytes)[44..90]), .. Pictures.Select(TestKit.Pictures.Sha256),
    ];

    /// <summary>Her rows and objects, as text.</summary>
    public async Task<string> ReadAsync()
    {
        var text = new StringBuilder();
        var (frames, videos) = (world.Frames.Services.GetRequiredService<DbDataSource>(), world.Videos.Services.GetRequiredService<DbDataSource>());
        foreach (var table in FrameTables) await AddRowsAsync(text, frames, $"SELECT * FROM {table} WHERE user_id = '{world.Anna.User}'");
        foreach (var table in VideoTables) await AddRowsAsync(text, videos, $"SELECT * FROM {table} WHERE user_id = '{world.Anna.User}'");
        foreach (var table in FilmTables) await AddRowsAsync(text, videos, $"SELECT * FROM {table} WHERE video_id IN (SELECT video_id FROM videos WHERE user_id = '{world.Anna.User}')");
        var store = world.Frames.Services.GetRequiredService<IObjectStore>();
        var objects = new List<string>();
        await foreach (var entry in store.ListAsync(ObjectKeys.UserPrefix(UserId.Parse(world.Anna.User)), CancellationToken.None)) objects.Add($"{entry.Key} {entry.Length} {entry.LastModified:O}");
        return text.AppendJoin('\n', objects.Order(StringComparer.Ordinal)).ToString();
    }

    /// <summary>Waits until nothing of hers is on its way.</summary>
    public async Task SettleAsync()
    {
        var frames = world.Frames.Services.GetRequiredService<DbDataSource>();
        var videos = world.Videos.Services.GetRequiredService<DbDataSource>();
        await Wait.UntilAsync(
            async () => await CountAsync(frames, "SELECT count(*) FROM sessions WHERE manifest_revision < revision") + await CountAsync(frames, "SELECT count(*) FROM deliveries WHERE status = 'pending'")
                + await CountAsync(videos, "SELECT count(*) FROM deliveries WHERE status = 'pending'") == 0,
            "everything to be written and sent");
    }

    /// <summary>What of hers an answer gives away that was not in the request itself; null where it is nothing.</summary>
    public string? FindIn(string answer, string request) =>
        Words.FirstOrDefault(word => answer.Contains(word, StringComparison.OrdinalIgnoreCase) && !request.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string HashOf(string key) => key.Split('_')[^1].Split('.')[0];

    private static async Task<long> CountAsync(DbDataSource database, string statement)
    {
        await using var command = database.CreateCommand(statement);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static async Task AddRowsAsync(StringBuilder text, DbDataSource database, string statement)
    {
        await using var command = database.CreateCommand(statement);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(string.Join('|', values.Select(value => value switch
            {
                byte[] bytes => Convert.ToHexStringLower(SHA256.HashData(bytes)),
                DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
                _ => Convert.ToString(value, CultureInfo.InvariantCulture),
            })));
        }

        foreach (var row in rows.Order(StringComparer.Ordinal)) text.Append(statement, 14, 12).Append(": ").AppendLine(row);
    }
}
