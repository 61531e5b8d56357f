using System.Data.Common;
using System.Text.Json;
using Npgsql;

namespace FrameVideo.Jobs;

/// <summary>Hands a list to a statement as one parameter, so that its text is the same for any length.</summary>
public static class JsonRows
{
    /// <summary>
    /// The source of rows for a <c>FROM</c>: each element of the JSON array in <c>@keys</c> is a row with the column <c>value</c>, an array itself, whose parts are <c>value -&gt;&gt; 0</c> and so on.
    /// Both engines know these words.
    /// </summary>
    public static string From(DbConnection connection) => connection is NpgsqlConnection
        // Told how many they are, the planner does not take them for a hundred, and looks each up.
        ? "(SELECT value FROM json_array_elements(CAST(@keys AS json)) LIMIT json_array_length(CAST(@keys AS json)))"
        : "json_each(@keys)";

    /// <summary>The list as it stands in <c>@keys</c>.</summary>
    public static string Of(IEnumerable<ResourceKey> keys) => JsonSerializer.Serialize(keys.Select(key => new[] { key.UserId.ToString(), key.ResourceId }));
}
