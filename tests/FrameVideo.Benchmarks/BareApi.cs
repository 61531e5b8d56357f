using Dapper;
using Npgsql;

namespace FrameVideo.Benchmarks;

/// <summary>
/// The least that answers a session from its rows: .NET, Npgsql, Dapper and System.Text.Json as they come, the services' own statement, one GET. No authentication, no links, no conditions,
/// no problems, no logs of requests. What the user's name is it takes from the header that the service takes it from.
/// </summary>
internal static class BareApi
{
    public static async Task<int> RunAsync(string address, string connectionString, string sql)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        var builder = WebApplication.CreateBuilder(["--urls", address]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        await using var database = NpgsqlDataSource.Create(connectionString);
        var app = builder.Build();
        app.MapGet("/v1/sessions/{requestId}", async (string requestId, HttpRequest request, CancellationToken cancellationToken) =>
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            using var rows = await connection.QueryMultipleAsync(new CommandDefinition(sql, new { UserId = request.Headers["X-User-Id"].ToString(), RequestId = requestId }, cancellationToken: cancellationToken));
            if (await rows.ReadSingleOrDefaultAsync<SessionRow>() is not { } session) return Results.NotFound();
            session.Frames = (await rows.ReadAsync<FrameRow>()).AsList();
            return Results.Ok(session);
        });
        app.MapGet("/health/live", () => "");
        await app.StartAsync();
        // It ends with who started it.
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }

    internal sealed class SessionRow
    {
        public string? UserId { get; set; }

        public string? RequestId { get; set; }

        public string? Status { get; set; }

        public string? Stage { get; set; }

        public int Progress { get; set; }

        public long Revision { get; set; }

        public long FramesRevision { get; set; }

        public long EventNumber { get; set; }

        public int Attempt { get; set; }

        public int IdleAttempts { get; set; }

        public string? OriginalPrompt { get; set; }

        public string? Style { get; set; }

        public string? Mood { get; set; }

        public double? VideoDuration { get; set; }

        public int FrameCount { get; set; }

        public string? AspectRatio { get; set; }

        public long? Seed { get; set; }

        public string? Story { get; set; }

        public string? Metadata { get; set; }

        public string? Error { get; set; }

        public int PicturesMade { get; set; }

        public string? Provider { get; set; }

        public string? PauseAfter { get; set; }

        public DateTime? ApprovedAt { get; set; }

        public string? ReturnTo { get; set; }

        public string? Usage { get; set; }

        public long? MaxCostMicros { get; set; }

        public string? ReferenceKey { get; set; }

        public DateTime CreatedAt { get; set; }

        public DateTime UpdatedAt { get; set; }

        public DateTime? DeletedAt { get; set; }

        public List<FrameRow>? Frames { get; set; }
    }

    internal sealed class FrameRow
    {
        public string? UserId { get; set; }

        public string? RequestId { get; set; }

        public int Number { get; set; }

        public string? Status { get; set; }

        public long Revision { get; set; }

        public string? Timestamp { get; set; }

        public string? Description { get; set; }

        public string? Prompt { get; set; }

        public string? SceneStory { get; set; }

        public string? ObjectKey { get; set; }

        public string? Sha256 { get; set; }

        public string? ContentType { get; set; }

        public long? Bytes { get; set; }

        public int? Width { get; set; }

        public int? Height { get; set; }

        public string? Provider { get; set; }

        public string? Model { get; set; }

        public long? Seed { get; set; }

        public string? Error { get; set; }

        public string? Redraw { get; set; }

        public DateTime UpdatedAt { get; set; }
    }
}
