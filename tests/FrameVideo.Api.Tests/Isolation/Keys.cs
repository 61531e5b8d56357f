using FrameVideo.Hosting;

namespace FrameVideo.Api.Tests.Isolation;

/// <summary>Makes API keys for tests, into a file as an operator would.</summary>
internal static class Keys
{
    /// <summary>Every scope but <c>admin</c> and the one to act for others.</summary>
    public static readonly string[] Everything = [Scopes.FramesRead, Scopes.FramesWrite, Scopes.VideosRead, Scopes.VideosWrite];

    /// <summary>Adds a key of a user, or one that acts for users where none is given; answers its text.</summary>
    public static string Add(string file, string id, string? user, params string[] scopes)
    {
        var key = ApiKey.New();
        ApiKeyFile.Append(file, new ApiKeyEntry { Id = id, Hash = key.Hash, UserId = user, Scopes = user is null ? [.. scopes, Scopes.ActAs] : scopes });
        return key.Text;
    }
}
