namespace FrameVideo.Hosting.Tests.Access;

/// <summary>A key with its entry.</summary>
internal sealed record TestKey(ApiKey Key, ApiKeyEntry Entry)
{
    public string Text => Key.Text;

    /// <summary>A key of a user, or one that acts for users where none is given.</summary>
    public static TestKey Of(string id, string? user, DateTimeOffset? expiresAt, params string[] scopes)
    {
        var key = ApiKey.New();
        return new(key, new ApiKeyEntry { Id = id, Hash = key.Hash, UserId = user, Scopes = user is null ? [.. scopes, Scopes.ActAs] : scopes, ExpiresAt = expiresAt });
    }
}
