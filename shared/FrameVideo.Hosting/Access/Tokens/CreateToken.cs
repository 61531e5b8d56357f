using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>Makes a token for one request ID, with no more than its maker may do.</summary>
internal sealed class CreateToken(RequestTokens tokens, TimeProvider clock)
{
    private const int Usual = 60 * 60;

    /// <exception cref="ProblemException">A field is out of range, or more is asked for than the caller may.</exception>
    public RequestToken Run(CreateTokenRequest request, Caller caller)
    {
        Check(request);
        var user = caller.For(request.UserId);
        var id = RouteIds.ParseRequestId(request.RequestId);
        var own = RequestTokens.Grantable.Where(scope => caller.Grant?.Allows(scope) ?? true).ToList();
        var scopes = request.Scopes is { } asked
            ? Allowed(asked, own)
            : own.Where(scope => scope.EndsWith(":read", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        if (scopes.Count == 0) throw new ProblemException(ErrorCodes.InsufficientScope, "You may read nothing yourself, and a token reads unless it is told otherwise: say which scopes it is to have.");
        var end = EndOf(request.ExpiresIn ?? Usual, caller.Grant?.ExpiresAt);
        return new RequestToken(tokens.Sign(user, id, scopes, end), end, id, [.. RequestTokens.Grantable.Where(scopes.Contains)]);
    }

    private static void Check(CreateTokenRequest request)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (request.RequestId is null) errors["requestId"] = ["The request ID that the token is to open is needed."];
        if (request.ExpiresIn is < WireLimits.MinTokenLife or > WireLimits.MaxTokenLife) errors["expiresIn"] = [$"A token works for {WireLimits.MinTokenLife} to {WireLimits.MaxTokenLife} seconds."];
        if (request.Scopes is { } scopes && (scopes.Count is 0 or > WireLimits.MaxTokenScopes || scopes.Any(scope => !RequestTokens.Grantable.Contains(scope, StringComparer.Ordinal))))
            errors["scopes"] = [$"Scopes of a token are one or more of {string.Join(", ", RequestTokens.Grantable)}."];
        if (errors.Count > 0) throw new ProblemException(ErrorCodes.ValidationFailed, string.Join(' ', errors.Values.Select(messages => messages[0])), errors);
    }

    private static HashSet<string> Allowed(IReadOnlyList<string> asked, List<string> own) =>
        asked.FirstOrDefault(scope => !own.Contains(scope)) is { } more
            ? throw new ProblemException(ErrorCodes.InsufficientScope, $"A token may do no more than you, and you have no {more}.")
            : asked.ToHashSet(StringComparer.Ordinal);

    /// <summary>In whole seconds, and never past the end of what it was asked for with.</summary>
    private DateTimeOffset EndOf(int seconds, DateTimeOffset? last)
    {
        var end = clock.GetUtcNow().ToUnixTimeSeconds() + seconds;
        return DateTimeOffset.FromUnixTimeSeconds(last is { } own ? Math.Min(end, own.ToUnixTimeSeconds()) : end);
    }
}
