using System.Data.Common;
using System.Text.Json;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using VideoService.Rendering.Foreign;
using VideoService.Videos;

namespace VideoService.Clips;

/// <summary>The statements on <c>clip_tasks</c> and <c>clip_wants</c>. Each change says which state it comes from, and whether it found that.</summary>
internal sealed class ClipTaskTable(DbDataSource database, Spending spending, TimeProvider clock)
{
    private const string Columns =
        "user_id, request_id, input_hash, number, provider, model, asked, status, submissions, lost, failures, owner_video, owner_attempt, task_id, due_at, tried_since, error, object_key, footage, created_at";

    private const string Key = "user_id = @UserId AND request_id = @RequestId AND input_hash = @InputHash";
    private const string OfWant = "w.user_id = t.user_id AND w.request_id = t.request_id AND w.input_hash = t.input_hash";

    /// <summary>Writes what a film wants, in place of what it wanted before, and answers with the rows. A clip that it wants again as before keeps its place.</summary>
    public Task<(IReadOnlyList<ClipTaskRow> Tasks, IReadOnlyList<ClipWantRow> Wants)> WantAsync(VideoRow film, IReadOnlyList<ClipWish> wishes, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var connection = transaction.Connection!;
            // Whoever removes footage that no film wants is waited for.
            await VideoTable.LockSessionAsync(transaction, film.UserId, film.RequestId);
            var former = (await WantsAsync(transaction, film.VideoId)).ToDictionary(want => want.Number);
            var known = await OfFilmAsync(connection, transaction, film.VideoId);
            // As each attempt but the first finds it.
            if (former.Count == wishes.Count && wishes.All(wish => former.GetValueOrDefault(wish.Number)?.InputHash == wish.InputHash && known.Any(task => task.InputHash == wish.InputHash))) return (known, [.. former.Values]);
            foreach (var wish in wishes)
            {
                await connection.ExecuteAsync(
                    """
                    INSERT INTO clip_tasks (user_id, request_id, input_hash, number, provider, model, asked, status, created_at)
                    VALUES (@UserId, @RequestId, @InputHash, @Number, @Provider, @Model, @Asked, 'wanted', @CreatedAt) ON CONFLICT (user_id, request_id, input_hash) DO NOTHING
                    """,
                    TaskOf(film, wish),
                    transaction);
            }

            await connection.ExecuteAsync("DELETE FROM clip_wants WHERE video_id = @VideoId", new { film.VideoId }, transaction);
            foreach (var wish in wishes)
            {
                var isSame = former.GetValueOrDefault(wish.Number)?.InputHash == wish.InputHash;
                await connection.ExecuteAsync(
                    """
                    INSERT INTO clip_wants (video_id, number, user_id, request_id, input_hash, failures, error)
                    SELECT @VideoId, @Number, @UserId, @RequestId, @InputHash, COALESCE(@failures, failures), @error FROM clip_tasks WHERE user_id = @UserId AND request_id = @RequestId AND input_hash = @InputHash
                    """,
                    new { film.VideoId, wish.Number, film.UserId, film.RequestId, wish.InputHash, failures = isSame ? former[wish.Number].Failures : (int?)null, error = isSame ? former[wish.Number].Error : null },
                    transaction);
            }

            return (await OfFilmAsync(connection, transaction, film.VideoId), await WantsAsync(transaction, film.VideoId));
        },
        cancellationToken);

    /// <summary>The tasks that a film wants.</summary>
    public Task<IReadOnlyList<ClipTaskRow>> OfFilmAsync(VideoId videoId, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => OfFilmAsync(connection, transaction: null, videoId), cancellationToken);

    /// <summary>What a film wants, by number.</summary>
    public Task<IReadOnlyList<ClipWantRow>> WantsAsync(VideoId videoId, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (IReadOnlyList<ClipWantRow>)(await connection.QueryAsync<ClipWantRow>(new CommandDefinition("SELECT * FROM clip_wants WHERE video_id = @videoId ORDER BY number", new { videoId }, cancellationToken: cancellationToken))).AsList(),
        cancellationToken);

    /// <summary>One task.</summary>
    public Task<ClipTaskRow?> FindAsync(ClipTaskRow task, CancellationToken cancellationToken) => FindAsync(task.UserId, task.RequestId, task.InputHash, cancellationToken);

    /// <inheritdoc cref="FindAsync(ClipTaskRow, CancellationToken)"/>
    public async Task<ClipTaskRow?> FindAsync(UserId userId, RequestId requestId, string inputHash, CancellationToken cancellationToken) => await database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<ClipTaskRow>(new CommandDefinition($"SELECT {Columns} FROM clip_tasks WHERE {Key}", new { UserId = userId, RequestId = requestId, InputHash = inputHash }, cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>
    /// Takes a task for being handed in, by a film that is still this attempt's: its row says so before the service hears of it, and its cost is reserved in the same transaction. Null where it is in another state by
    /// now, or where the service has as many tasks of ours as are allowed.
    /// </summary>
    /// <exception cref="BudgetExceededException">It would cost more than is left.</exception>
    public Task<ClipTaskRow?> ClaimAsync(ClipTaskRow task, VideoRow film, ClipWish wish, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var connection = transaction.Connection!;
            await transaction.LockAsync($"clips of {task.Provider}");
            var atWork = await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM clip_tasks WHERE provider = @Provider AND status IN ('submitting', 'running')", task, transaction);
            if (atWork - (task.Status == ClipTaskRow.Submitting ? 1 : 0) >= wish.Provider.Provider.Options.Concurrency) return null;
            var claimed = await connection.QuerySingleOrDefaultAsync<ClipTaskRow>(
                $"""
                UPDATE clip_tasks SET status = 'submitting', submissions = submissions + 1, lost = CASE WHEN status = 'submitting' THEN lost + 1 WHEN status = 'failed' THEN 0 ELSE lost END, owner_video = @videoId, owner_attempt = @attempt,
                  provider = @provider, task_id = NULL, error = NULL, due_at = NULL, tried_since = CASE WHEN status = 'failed' THEN @now ELSE COALESCE(tried_since, @now) END
                WHERE {Key} AND status = @Status AND submissions = @Submissions
                  AND EXISTS (SELECT 1 FROM videos WHERE video_id = @videoId AND attempt = @attempt AND status = 'in_progress' AND deleted_at IS NULL)
                RETURNING {Columns}
                """,
                new { task.UserId, task.RequestId, task.InputHash, task.Status, task.Submissions, videoId = film.VideoId, attempt = film.Attempt, provider = wish.Provider.Provider.Name, now = clock.GetRowTime() },
                transaction);
            if (claimed is not null) await spending.ReserveAsync(transaction, CallOf(claimed, film.UserId, wish.Offer.CostUsd, film.Asked.MaxCostUsd));
            return claimed;
        },
        cancellationToken);

    /// <summary>Keeps the ID of a task that was taken; false where somebody has claimed it meanwhile. Nothing else comes before this, and nobody's leaving ends it.</summary>
    public async Task<bool> TakenAsync(ClipTaskRow claimed, string taskId, DateTimeOffset due) => await ChangeAsync(
        claimed, ClipTaskRow.Submitting, "status = 'running', task_id = @taskId, lost = 0, due_at = @due", new { taskId, due }, CancellationToken.None);

    /// <summary>The service has not taken it; it is handed in again later. Nothing was paid, as far as is known.</summary>
    public Task<bool> PostponeAsync(ClipTaskRow claimed, bool isLost, DateTimeOffset due) => database.WriteAsync(
        async transaction =>
        {
            var isMine = await ChangeAsync(transaction, claimed, ClipTaskRow.Submitting, $"status = 'wanted', due_at = @due{(isLost ? ", lost = lost + 1" : "")}", new { due });
            if (isMine && !isLost) await spending.ReleaseAsync(transaction, CallOf(claimed));
            return isMine;
        },
        CancellationToken.None);

    /// <summary>It is asked for no sooner than this.</summary>
    public Task<bool> DueAsync(ClipTaskRow task, DateTimeOffset due, CancellationToken cancellationToken) => ChangeAsync(task, task.Status, "due_at = @due", new { due }, cancellationToken);

    /// <summary>It will not be made. <paramref name="cost"/> is what it cost all the same; without it, and unless it is known to be free, what was reserved stays counted.</summary>
    public Task<bool> FailAsync(ClipTaskRow task, ResourceError error, CallCost? cost = null, bool isFree = false) => database.WriteAsync(
        async transaction =>
        {
            var isMine = await ChangeAsync(transaction, task, task.Status, "status = 'failed', failures = failures + 1, error = @error, due_at = NULL, tried_since = NULL", new { error = JsonSerializer.Serialize(error, WireJson.Options) });
            if (!isMine) return false;
            if (cost is not null) await spending.SettleAsync(transaction, CallOf(task), cost);
            else if (isFree) await spending.ReleaseAsync(transaction, CallOf(task));
            return true;
        },
        CancellationToken.None);

    /// <summary>It lies in the store.</summary>
    public Task<bool> StoredAsync(ClipTaskRow task, ObjectKey key, Footage footage, CallCost? cost) => database.WriteAsync(
        async transaction =>
        {
            var isMine = await ChangeAsync(
                transaction, task, task.Status, "status = 'stored', object_key = @key, footage = @footage, error = NULL, due_at = NULL, tried_since = NULL", new { key, footage = JsonSerializer.Serialize(footage, WireJson.Options) });
            if (isMine && cost is not null) await spending.SettleAsync(transaction, CallOf(task), cost);
            return isMine;
        },
        CancellationToken.None);

    /// <summary>It is no longer in the store: it is to be made again.</summary>
    public Task<bool> GoneAsync(ClipTaskRow task, CancellationToken cancellationToken) => ChangeAsync(task, ClipTaskRow.Stored, "status = 'wanted', object_key = NULL, footage = NULL", new { }, cancellationToken);

    /// <summary>Remembers that the renderer makes what the service did not.</summary>
    public Task FallBackAsync(VideoId videoId, int number, ResourceError error, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync("UPDATE clip_wants SET error = @error WHERE video_id = @videoId AND number = @number", new { videoId, number, error = JsonSerializer.Serialize(error, WireJson.Options) }, transaction),
        cancellationToken);

    /// <summary>A film is tried again: what has failed is asked for again, unless the service said that it never makes it.</summary>
    public static Task WantAgainAsync(DbTransaction transaction, VideoId videoId) => transaction.Connection!.ExecuteAsync(
        $"UPDATE clip_wants AS w SET error = NULL, failures = COALESCE((SELECT t.failures FROM clip_tasks t WHERE {OfWant}), 0) WHERE w.video_id = @videoId", new { videoId }, transaction);

    /// <summary>Whether a service has as many tasks of ours as are allowed.</summary>
    public async Task<bool> IsFullAsync(Provider provider, CancellationToken cancellationToken) => await database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM clip_tasks WHERE provider = @Name AND status IN ('submitting', 'running')", new { provider.Name }, cancellationToken: cancellationToken)),
        cancellationToken) >= provider.Options.Concurrency;

    /// <summary>Which of some clips of a session are in the store.</summary>
    public async Task<HashSet<string>> StoredAsync(UserId userId, RequestId requestId, CancellationToken cancellationToken) => [.. await database.ReadAsync(
        connection => connection.QueryAsync<string>(new CommandDefinition("SELECT input_hash FROM clip_tasks WHERE user_id = @userId AND request_id = @requestId AND status = 'stored'", new { userId, requestId }, cancellationToken: cancellationToken)),
        cancellationToken)];

    /// <summary>What some films want that the renderer has made in a service's place.</summary>
    public async Task<ILookup<VideoId, ClipWantRow>> FallenBackAsync(IReadOnlyList<VideoId> videoIds, CancellationToken cancellationToken)
    {
        var rows = new List<ClipWantRow>();
        foreach (var videoId in videoIds) rows.AddRange((await WantsAsync(videoId, cancellationToken)).Where(want => want.Error is not null));
        return rows.ToLookup(row => row.VideoId);
    }

    /// <summary>Whether whoever hands a task in is alive, as far as rows tell.</summary>
    public async Task<bool> HasOwnerAsync(ClipTaskRow task, CancellationToken cancellationToken) => await database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM videos WHERE video_id = @OwnerVideo AND attempt = @OwnerAttempt AND status = 'in_progress' AND deleted_at IS NULL", task, cancellationToken: cancellationToken)),
        cancellationToken) == 1;

    /// <summary>Tasks at which a service is at work and that no open film wants.</summary>
    public async Task<IReadOnlyList<ClipTaskRow>> UnwantedAsync(CancellationToken cancellationToken) => (await database.ReadAsync(
        connection => connection.QueryAsync<ClipTaskRow>(new CommandDefinition(
            $"""
            SELECT {Columns} FROM clip_tasks t WHERE t.status = 'running' AND NOT EXISTS (
              SELECT 1 FROM clip_wants w JOIN videos v ON v.video_id = w.video_id WHERE {OfWant} AND v.status IN ('queued', 'in_progress') AND v.deleted_at IS NULL)
            """,
            cancellationToken: cancellationToken)),
        cancellationToken)).AsList();

    /// <summary>A task was ended at the service since nobody wants it. What it cost is not known, so it counts as it was reserved.</summary>
    public Task<bool> CanceledAsync(ClipTaskRow task, CancellationToken cancellationToken) => ChangeAsync(task, ClipTaskRow.Running, "status = 'wanted', task_id = NULL, due_at = NULL, tried_since = NULL", new { }, cancellationToken);

    /// <summary>Forgets tasks of which no film knows any more; not one at which a service may be at work.</summary>
    public Task<int> ForgetAsync(CancellationToken cancellationToken) => database.WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync(
            $"DELETE FROM clip_tasks AS t WHERE t.status <> 'running' AND NOT EXISTS (SELECT 1 FROM clip_wants w WHERE {OfWant}) AND NOT (t.status = 'submitting' AND EXISTS (SELECT 1 FROM videos v WHERE v.video_id = t.owner_video AND v.status = 'in_progress'))",
            transaction: transaction),
        cancellationToken);

    /// <summary>Puts a stored clip's rows back, as its film's record tells of it.</summary>
    public static async Task RecoverAsync(DbTransaction transaction, ClipTaskRow task, ClipWantRow want)
    {
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO clip_tasks (user_id, request_id, input_hash, number, provider, model, asked, status, object_key, footage, created_at)
            VALUES (@UserId, @RequestId, @InputHash, @Number, @Provider, @Model, @Asked, @Status, @ObjectKey, @Footage, @CreatedAt) ON CONFLICT (user_id, request_id, input_hash) DO NOTHING
            """,
            task,
            transaction);
        await transaction.Connection!.ExecuteAsync(
            "INSERT INTO clip_wants (video_id, number, user_id, request_id, input_hash, failures) VALUES (@VideoId, @Number, @UserId, @RequestId, @InputHash, @Failures) ON CONFLICT (video_id, number) DO NOTHING", want, transaction);
    }

    private static PaidCall CallOf(ClipTaskRow task) => CallOf(task, task.UserId, 0, null);

    private static PaidCall CallOf(ClipTaskRow task, UserId userId, decimal estimate, decimal? maxCost) => new(
        userId, task.OwnerVideo!.Value.ToString(), $"{task.InputHash[..24]}-{task.Submissions}", task.Provider, task.Model, UsageKind.Clip, estimate, maxCost);

    private ClipTaskRow TaskOf(VideoRow film, ClipWish wish) => new()
    {
        UserId = film.UserId,
        RequestId = film.RequestId,
        InputHash = wish.InputHash,
        Number = wish.Number,
        Provider = wish.Provider.Provider.Name,
        Model = wish.Offer.Model,
        Asked = JsonSerializer.Serialize(new AskedClip(wish.Offer.Ratio, wish.Offer.Seconds, wish.Seed, wish.Prompt), WireJson.Options),
        CreatedAt = clock.GetRowTime(),
    };

    private static async Task<IReadOnlyList<ClipWantRow>> WantsAsync(DbTransaction transaction, VideoId videoId) =>
        (await transaction.Connection!.QueryAsync<ClipWantRow>("SELECT * FROM clip_wants WHERE video_id = @videoId ORDER BY number", new { videoId }, transaction)).AsList();

    private static async Task<IReadOnlyList<ClipTaskRow>> OfFilmAsync(DbConnection connection, DbTransaction? transaction, VideoId videoId) => (await connection.QueryAsync<ClipTaskRow>(
        $"SELECT t.* FROM clip_tasks t WHERE EXISTS (SELECT 1 FROM clip_wants w WHERE {OfWant} AND w.video_id = @videoId)", new { videoId }, transaction)).AsList();

    private Task<bool> ChangeAsync(ClipTaskRow task, string from, string change, object values, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => ChangeAsync(transaction, task, from, change, values), cancellationToken);

    private static async Task<bool> ChangeAsync(DbTransaction transaction, ClipTaskRow task, string from, string change, object values)
    {
        var parameters = new DynamicParameters(new { task.UserId, task.RequestId, task.InputHash, task.Submissions, from });
        parameters.AddDynamicParams(values);
        return await transaction.Connection!.ExecuteAsync($"UPDATE clip_tasks SET {change} WHERE {Key} AND status = @from AND submissions = @Submissions", parameters, transaction) == 1;
    }
}

/// <summary>What else a service was asked, as records keep it.</summary>
internal sealed record AskedClip(string Ratio, int Seconds, long Seed, string? Prompt);
