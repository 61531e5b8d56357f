using System.Data.Common;
using Dapper;
using FrameService.Frames;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Sessions;

/// <summary>Every statement on <c>sessions</c> that serves a request or the generation. Look-ups are by user and request ID together.</summary>
internal sealed class SessionTable(DbDataSource database, EventLog events, TimeProvider clock)
{
    private const string Columns =
        """
        user_id, request_id, status, stage, progress, revision, frames_revision, event_number, attempt, idle_attempts, original_prompt, style, mood,
        video_duration, frame_count, aspect_ratio, seed, story, metadata, error, pictures_made, provider, pause_after, approved_at,
        return_to, usage, max_cost_micros, reference_key, created_at, updated_at, deleted_at
        """;

    /// <summary>A session and its frames by number.</summary>
    internal const string WithFrames =
        $"""
        SELECT {Columns} FROM sessions WHERE user_id = @UserId AND request_id = @RequestId;
        SELECT {FrameTable.Columns} FROM frames WHERE user_id = @UserId AND request_id = @RequestId ORDER BY number
        """;

    /// <summary>A session and one of its frames.</summary>
    internal const string WithFrame =
        $"""
        SELECT {Columns} FROM sessions WHERE user_id = @UserId AND request_id = @RequestId;
        SELECT {FrameTable.Columns} FROM frames WHERE user_id = @UserId AND request_id = @RequestId AND number = @number
        """;

    /// <summary>The row, a tombstone too, and its frames, one or all; null where the database knows nothing. One way to the database and back.</summary>
    public Task<(SessionRow? Session, IReadOnlyList<FrameRow> Frames)> FindAsync(SessionKey key, int? number, CancellationToken cancellationToken) => database.ReadAsync<(SessionRow?, IReadOnlyList<FrameRow>)>(
        async connection =>
        {
            using var rows = await connection.QueryMultipleAsync(new CommandDefinition(number is null ? WithFrames : WithFrame, new { key.UserId, key.RequestId, number = number ?? 0 }, cancellationToken: cancellationToken));
            return (await rows.ReadSingleOrDefaultAsync<SessionRow>(), (await rows.ReadAsync<FrameRow>()).AsList());
        },
        cancellationToken);

    /// <summary>The row, a tombstone too; null where the database knows nothing.</summary>
    public async Task<SessionRow?> FindAsync(SessionKey key, CancellationToken cancellationToken)
    {
        return await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<SessionRow>(new CommandDefinition(
                $"SELECT {Columns} FROM sessions WHERE user_id = @UserId AND request_id = @RequestId", key, cancellationToken: cancellationToken)),
            cancellationToken);
    }

    /// <summary>The frames' revisions of those sessions that live, by one look at the primary key.</summary>
    public async Task<IReadOnlyDictionary<SessionKey, long>> FramesRevisionsAsync(IReadOnlyList<SessionKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0) return new Dictionary<SessionKey, long>();
        var parameters = new DynamicParameters();
        var pairs = string.Join(", ", keys.Select((key, i) =>
        {
            parameters.Add($"u{i}", key.UserId.ToString());
            parameters.Add($"r{i}", key.RequestId.ToString());
            return $"(@u{i}, @r{i})";
        }));
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<SessionRow>(new CommandDefinition(
                $"SELECT user_id, request_id, frames_revision FROM sessions WHERE (user_id, request_id) IN (VALUES {pairs}) AND deleted_at IS NULL", parameters, cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.ToDictionary(row => row.Key, row => row.FramesRevision);
    }

    /// <summary>The newest living sessions of a user that are older than a place in the list.</summary>
    public async Task<IReadOnlyList<SessionRow>> ListAsync(UserId userId, DateTimeOffset? beforeTime, string? beforeId, int limit, CancellationToken cancellationToken)
    {
        // Compared as a pair, so that the index leads to the place.
        var older = beforeTime is null ? "" : "AND (created_at, request_id) < (@beforeTime, @beforeId)";
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<SessionRow>(new CommandDefinition(
                $"""
                SELECT {Columns} FROM sessions
                WHERE user_id = @userId AND deleted_at IS NULL {older}
                ORDER BY created_at DESC, request_id DESC LIMIT @limit
                """,
                new { userId, beforeTime, beforeId, limit },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.AsList();
    }

    /// <summary>Sessions whose generation is not ended.</summary>
    public async Task<IReadOnlyList<SessionKey>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<SessionRow>(new CommandDefinition(
                "SELECT user_id, request_id FROM sessions WHERE status IN ('queued', 'in_progress') AND deleted_at IS NULL ORDER BY created_at", cancellationToken: cancellationToken)),
            cancellationToken);
        return [.. rows.Select(row => row.Key)];
    }

    /// <summary>How many sessions wait to be generated and are being, and since when the first has waited.</summary>
    public Task<WorkBacklog?> BacklogAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (WorkBacklog?)await connection.QuerySingleAsync<WorkBacklog>(new CommandDefinition(
            """
            SELECT count(CASE WHEN status = 'queued' THEN 1 END) AS waiting, count(CASE WHEN status = 'in_progress' THEN 1 END) AS running, min(CASE WHEN status = 'queued' THEN updated_at END) AS since
            FROM sessions WHERE status IN ('queued', 'in_progress') AND deleted_at IS NULL
            """,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Whether an attempt still owns the session: it was neither cancelled nor deleted nor taken up by another.</summary>
    public Task<bool> OwnsAsync(SessionKey key, int attempt, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT 1 FROM sessions WHERE user_id = @UserId AND request_id = @RequestId AND status = 'in_progress' AND attempt = @attempt AND deleted_at IS NULL)",
            new { key.UserId, key.RequestId, attempt },
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Takes the row of a living session for the rest of the transaction.</summary>
    /// <exception cref="ProblemException">session-not-found, or session-deleted.</exception>
    public async Task<SessionRow> TakeAsync(DbTransaction transaction, SessionKey key) => await LockAsync(transaction, key) switch
    {
        null => throw ReadSession.NotFound(key),
        { DeletedAt: not null } => throw ReadSession.Deleted(),
        { } row => row,
    };

    /// <summary>The same, where its revision is one that the request allows.</summary>
    /// <exception cref="ProblemException">session-not-found, session-deleted, or precondition-failed.</exception>
    public async Task<SessionRow> TakeAsync(DbTransaction transaction, SessionKey key, Precondition precondition)
    {
        var row = await TakeAsync(transaction, key);
        precondition.Require(FormerRevision(row));
        return row;
    }

    /// <summary>The revision of a taken row as readers know it: taking it has counted it up.</summary>
    public static long FormerRevision(SessionRow taken) => taken.Revision - 1;

    /// <summary>Takes the row for the rest of the transaction and counts its revision up; null where there is none.</summary>
    public async Task<SessionRow?> LockAsync(DbTransaction transaction, SessionKey key) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<SessionRow>(
            $"""
            UPDATE sessions SET revision = revision + 1, updated_at = @now
            WHERE user_id = @UserId AND request_id = @RequestId
            RETURNING {Columns}
            """,
            new { key.UserId, key.RequestId, now = clock.GetUtcNow() },
            transaction);

    /// <summary>Adds a row; false where one is there, a tombstone too.</summary>
    public async Task<bool> InsertAsync(DbTransaction transaction, SessionRow row) =>
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO sessions (user_id, request_id, status, stage, progress, revision, frames_revision, event_number, original_prompt, style, mood,
              video_duration, frame_count, aspect_ratio, seed, story, metadata, error, provider, pictures_made, pause_after, approved_at, return_to,
              usage, max_cost_micros, reference_key, created_at, updated_at)
            VALUES (@UserId, @RequestId, @Status, @Stage, @Progress, @Revision, @FramesRevision, @EventNumber, @OriginalPrompt, @Style, @Mood,
              @VideoDuration, @FrameCount, @AspectRatio, @Seed, @Story, @Metadata, @Error, @Provider, @PicturesMade, @PauseAfter, @ApprovedAt, @ReturnTo,
              @Usage, @MaxCostMicros, @ReferenceKey, @CreatedAt, @UpdatedAt)
            ON CONFLICT (user_id, request_id) DO NOTHING
            """,
            row,
            transaction) == 1;

    /// <summary>Writes back what may change of a row that this transaction has taken.</summary>
    public Task SaveAsync(DbTransaction transaction, SessionRow row) => transaction.Connection!.ExecuteAsync(
        """
        UPDATE sessions SET status = @Status, stage = @Stage, progress = @Progress, frames_revision = @FramesRevision, event_number = @EventNumber,
          attempt = @Attempt, idle_attempts = @IdleAttempts, original_prompt = @OriginalPrompt, style = @Style, mood = @Mood, video_duration = @VideoDuration,
          frame_count = @FrameCount, aspect_ratio = @AspectRatio, seed = @Seed, story = @Story, metadata = @Metadata, error = @Error,
          pictures_made = @PicturesMade, provider = @Provider, pause_after = @PauseAfter, approved_at = @ApprovedAt, return_to = @ReturnTo,
          max_cost_micros = @MaxCostMicros, reference_key = @ReferenceKey
        WHERE user_id = @UserId AND request_id = @RequestId
        """,
        row,
        transaction);

    /// <summary>Brings what the session says of its spending up to date with the calls, and counts its revision up; whoever owns it.</summary>
    public async Task CountAsync(DbTransaction transaction, SessionKey key) => await transaction.Connection!.ExecuteAsync(
        "UPDATE sessions SET usage = @usage, revision = revision + 1, updated_at = @now WHERE user_id = @UserId AND request_id = @RequestId AND deleted_at IS NULL",
        new { key.UserId, key.RequestId, usage = JsonText.Write(await Spending.ItemsAsync(transaction, key.UserId, key.RequestId.ToString())), now = clock.GetUtcNow() },
        transaction);

    /// <summary>A story that is not whole yet; null where none was begun.</summary>
    public Task<string?> StoryDraftAsync(SessionKey key, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition("SELECT story_draft FROM sessions WHERE user_id = @UserId AND request_id = @RequestId", key, cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Keeps a story that is not whole yet. It was paid: it is kept whoever owns the session.</summary>
    public Task KeepStoryDraftAsync(SessionKey key, string draft) => database.WriteAsync(transaction => KeepStoryDraftAsync(transaction, key, draft), CancellationToken.None);

    /// <summary>The same within a transaction; null where it is whole.</summary>
    public static Task<int> KeepStoryDraftAsync(DbTransaction transaction, SessionKey key, string? draft) => transaction.Connection!.ExecuteAsync(
        "UPDATE sessions SET story_draft = @draft WHERE user_id = @UserId AND request_id = @RequestId AND deleted_at IS NULL", new { key.UserId, key.RequestId, draft }, transaction);

    /// <summary>How many sessions of a user are being generated or wait for that.</summary>
    public static Task<int> CountOpenAsync(DbTransaction transaction, UserId userId) => transaction.Connection!.ExecuteScalarAsync<int>(
        "SELECT count(*) FROM sessions WHERE user_id = @userId AND status IN ('queued', 'in_progress') AND deleted_at IS NULL", new { userId }, transaction);

    /// <summary>Logs an event of a taken row; the row that comes back has its number and is to be saved.</summary>
    public async Task<SessionRow> AppendAsync(DbTransaction transaction, SessionRow row, string type, object data)
    {
        row = row with { EventNumber = row.EventNumber + 1 };
        await events.AppendAsync(transaction, row.UserId, row.RequestId.ToString(), row.EventNumber, type, row.Attempt, data);
        return row;
    }
}
