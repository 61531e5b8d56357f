using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Local.Pair;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace FrameVideo.Local.Proving;

/// <summary>The rows behind the API: what FrameService's own database says of a session and its first frame.</summary>
internal static class FrameRow
{
    private const string Query =
        "SELECT s.request_id, f.object_key FROM sessions s JOIN frames f ON f.user_id = s.user_id AND f.request_id = s.request_id WHERE s.user_id = @user AND s.request_id = @id AND f.number = 1";

    public static async Task<(string RequestId, string ObjectKey)> ReadAsync(string data, Session session, CancellationToken cancellation)
    {
        await using var connection = Connection(data);
        await connection.OpenAsync(cancellation);
        await using var query = connection.CreateCommand();
        query.CommandText = Query;
        Add(query, "@user", session.UserId.ToString());
        Add(query, "@id", session.RequestId.ToString());
        await using var row = await query.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (row.GetString(0), row.GetString(1)) : ("none", "none");
    }

    private static DbConnection Connection(string data) => Backends.PostgresConnection is { } server
        ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { SearchPath = Backends.FrameSchema, Pooling = false }.ConnectionString)
        : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "frames.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());

    private static void Add(DbCommand query, string name, string value)
    {
        var parameter = query.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        query.Parameters.Add(parameter);
    }
}
