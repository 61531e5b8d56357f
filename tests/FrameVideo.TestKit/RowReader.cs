using System.Data.Common;

namespace FrameVideo.TestKit;

/// <summary>Reads the services' tables past the services.</summary>
public sealed class RowReader(DbDataSource frames, DbDataSource videos) : IAsyncDisposable
{
    /// <summary>The rows of a statement on FrameService's tables.</summary>
    public Task<IReadOnlyList<object?[]>> FramesAsync(string statement) => ReadAsync(frames, statement);

    /// <summary>The rows of a statement on VideoService's tables.</summary>
    public Task<IReadOnlyList<object?[]>> VideosAsync(string statement) => ReadAsync(videos, statement);

    public async ValueTask DisposeAsync()
    {
        await frames.DisposeAsync();
        await videos.DisposeAsync();
    }

    private static async Task<IReadOnlyList<object?[]>> ReadAsync(DbDataSource database, string statement)
    {
        await using var command = database.CreateCommand(statement);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add([.. row.Select(value => value is DBNull ? null : value)]);
        }

        return rows;
    }
}
