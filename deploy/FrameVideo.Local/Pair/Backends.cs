namespace FrameVideo.Local.Pair;

/// <summary>
/// What the services keep rows and objects in. They read it from the environment, which they inherit from this process (README, Configuration); here stands the
/// little that this process itself has to know of it.
/// </summary>
internal static class Backends
{
    /// <summary>The server that both services share, in Npgsql's words; null where they use files of the data folder.</summary>
    public static string? PostgresConnection => Of("Database__Kind") == "postgres" ? Of("Database__ConnectionString") : null;

    /// <summary>FrameService's schema on that server.</summary>
    public static string FrameSchema => Of("Database__Schema") ?? "frames";

    /// <summary>Whether rows or objects lie outside of the data folder, so that they stay when it goes.</summary>
    public static bool OutliveTheFolder => PostgresConnection is not null || Of("Storage__Kind") is not (null or "folder") || Of("Storage__Folder") is not null;

    private static string? Of(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
