using System.Diagnostics.CodeAnalysis;
using FrameVideo.Contracts;
using Microsoft.AspNetCore.Http;

namespace FrameVideo.Hosting;

/// <summary>
/// Who is asking, as <see cref="Authentication"/> found out: the user of a key, a token or a link; or a user that the caller names, by <c>X-User-Id</c>, <c>?userId=</c> or the body's
/// <c>userId</c> (see <see cref="For"/>), because its key may act for users or because no authentication is configured. There it is <c>local</c> where it names none.
/// </summary>
public sealed class Caller
{
    /// <summary>Who is meant where no authentication is configured and nobody is named.</summary>
    internal static readonly UserId Local = UserId.Parse("local");

    private readonly UserId? _user;
    private readonly UserId? _unnamed;

    private Caller(UserId? user, UserId? unnamed, Grant? grant = null) => (_user, _unnamed, Grant) = (user, unnamed, grant);

    /// <summary>The one request ID that the caller's token opens (see <see cref="RequestTokenRules"/>); null where it may have everything of the user's.</summary>
    public RequestId? Only => Grant?.Only;

    /// <summary>What its key or token allows; null for a link, and where no authentication is configured.</summary>
    internal Grant? Grant { get; }

    /// <summary>The user on whose behalf the request is made.</summary>
    /// <exception cref="ProblemException">The key acts for users, and the request names none.</exception>
    public UserId UserId => _user ?? _unnamed
        ?? throw new ProblemException(ErrorCodes.UserRequired, $"The key has the scope {Scopes.ActAs}: say for which user, by X-User-Id or userId.");

    /// <summary>The same; null where the request names none so far.</summary>
    internal UserId? Known => _user ?? _unnamed;

    /// <summary>The user for a body that may name one, too.</summary>
    /// <exception cref="ProblemException">The body names no user ID, or another user than the caller's.</exception>
    public UserId For(string? userId)
    {
        if (string.IsNullOrEmpty(userId)) return UserId;
        var body = Parse(userId);
        if (_user is { } user && user != body) throw new ProblemException(ErrorCodes.UserMismatch, "The body names another user than the caller's.");
        return body;
    }

    /// <summary>The user that a path names: the caller's own, one for whom it may speak, or anybody where its key has the scope <c>admin</c>.</summary>
    /// <exception cref="ProblemException">The path names no user ID, or another user than the caller's.</exception>
    public UserId ForOrAdmin(string userId)
    {
        var named = Parse(userId);
        if (_user is { } user && user != named && Grant?.Scopes.Contains(Scopes.Admin) != true) throw new ProblemException(ErrorCodes.UserMismatch, "The path names another user than the caller.");
        return named;
    }

    /// <summary>Hands the caller to an operation.</summary>
    [SuppressMessage("Design", "CA1068", Justification = "The framework asks for this form.")]
    public static ValueTask<Caller> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(context.Features.Get<Caller>() ?? throw new InvalidOperationException($"{context.GetEndpoint()?.DisplayName} takes a caller, but lets anybody in."));
    }

    /// <summary>A user that a link names.</summary>
    internal static Caller Of(UserId user) => new(user, null);

    /// <summary>The user of a key or a token; or one that the request names, where its back end speaks for users.</summary>
    internal static Caller Of(UserId? user, Grant grant) => new(user, null, grant);

    /// <summary>Somebody on this machine.</summary>
    internal static Caller ByItsWord(UserId? named) => new(named, Local);

    internal static UserId Parse(string text) =>
        UserId.TryParse(text, out var user) ? user : throw new ProblemException(ErrorCodes.InvalidUserId, "A user ID has 1-128 characters of A-Z, a-z, 0-9 and ._@+=:|~-");
}
