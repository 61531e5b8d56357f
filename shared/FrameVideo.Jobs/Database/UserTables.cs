using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;

namespace FrameVideo.Jobs;

/// <summary>
/// Every table of a service that holds rows of users, and how they go. A deletion and an erasure clear what stands here, and nothing else has to know of a new table; a test reads the
/// schema, and fails for a table that does not stand here.
/// </summary>
public sealed class UserTables(params IReadOnlyList<UserTable> tables)
{
    /// <summary>Answers that are kept for keys, those that were given before the moment. The mark of a request that runs is none yet.</summary>
    public const string KeptAnswers = "status IS NOT NULL AND ends_at <= @keptUntil";

    /// <summary>The tables, in the order in which they are cleared.</summary>
    public IReadOnlyList<UserTable> All => tables;

    /// <summary>Removes the rows of one session or video, and answers how many those were.</summary>
    public async Task<int> RemoveAsync(DbTransaction transaction, UserId userId, string resourceId)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var removed = 0;
        foreach (var table in tables.Where(table => table.Resource is not null))
        {
            var user = table.HasUser ? "user_id = @userId AND " : "";
            removed += await transaction.Connection!.ExecuteAsync($"DELETE FROM {table.Name} WHERE {user}{table.Resource} = @resourceId", new { userId, resourceId }, transaction);
        }

        return removed;
    }

    /// <summary>Removes the rows of a user that belong to no session or video and that are older than a moment, and answers how many those were.</summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="userId">The user.</param>
    /// <param name="until">The moment; a condition names it <c>@until</c>.</param>
    /// <param name="keepFor">How long answers are kept for their keys; <c>@keptUntil</c> is so much after the moment.</param>
    public async Task<int> RemoveAsync(DbTransaction transaction, UserId userId, DateTimeOffset until, TimeSpan keepFor)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var removed = 0;
        foreach (var table in tables.Where(table => table.Condition is not null))
            removed += await transaction.Connection!.ExecuteAsync($"DELETE FROM {table.Name} WHERE user_id = @userId AND {table.Condition}", new { userId, until, keptUntil = until + keepFor }, transaction);
        return removed;
    }
}

/// <summary>One table. Exactly one of <paramref name="Resource"/>, <paramref name="Condition"/> and <paramref name="Remains"/> says how its rows go.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Resource">The column that names the session or video with which a row goes.</param>
/// <param name="Condition">What holds for rows that go when their user is erased, in SQL.</param>
/// <param name="Remains">Why rows stay for a while without anything in them but IDs and times.</param>
/// <param name="HasUser">Whether it has the column <c>user_id</c>; else the resource alone names the rows.</param>
public sealed record UserTable(string Name, string? Resource = null, string? Condition = null, string? Remains = null, bool HasUser = true);
