using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace FrameService.Sessions;

/// <summary>What VideoService shows at the addresses that are for it alone: a token for the address, signed with the key that both services share.</summary>
internal static class PeerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>Lets nobody else pass.</summary>
    /// <exception cref="ProblemException">invalid-token.</exception>
    public static void Require(HttpRequest request, LinkTokens tokens)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.Ordinal) || !tokens.TryVerify(header[Scheme.Length..], request.Path.Value!, out _))
            throw new ProblemException(ErrorCodes.InvalidToken, "This address is for VideoService, by a token of the key that both share.");
    }
}
