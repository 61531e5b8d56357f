using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>What the holder of a key or a token may do.</summary>
/// <param name="UserId">On whose behalf; null where each request names the user.</param>
/// <param name="Scopes">What is allowed.</param>
/// <param name="ExpiresAt">From when on nothing is.</param>
/// <param name="Only">The one request ID that it opens; null where it opens everything of the user's.</param>
internal record Grant(UserId? UserId, IReadOnlySet<string> Scopes, DateTimeOffset? ExpiresAt, RequestId? Only = null)
{
    /// <summary>Whether the scope is among them; <c>admin</c> stands for reading and writing everywhere.</summary>
    public bool Allows(string scope) => Scopes.Contains(scope) || (scope != Hosting.Scopes.ActAs && Scopes.Contains(Hosting.Scopes.Admin));
}
