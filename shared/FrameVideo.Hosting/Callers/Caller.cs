using System.Diagnostics.CodeAnalysis;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FrameVideo.Hosting;

/// <summary>
/// Who is asking. Without authentication the caller names itself by <c>X-User-Id</c> or <c>?userId=</c> (or the body's <c>userId</c>, see <see cref="For"/>), else it is
/// <c>local</c>. A link's <c>?token=</c> names its user for reading its own address, and nothing else.
/// </summary>
public sealed class Caller
{
    private static readonly UserId Local = UserId.Parse("local");
    private readonly UserId? _named;

    private Caller(UserId? named) => _named = named;

    /// <summary>The user on whose behalf the request is made.</summary>
    public UserId UserId => _named ?? Local;

    /// <summary>The user for a body that may name one, too.</summary>
    /// <exception cref="ProblemException">The body names no user ID, or another user than the request does.</exception>
    public UserId For(string? userId)
    {
        if (string.IsNullOrEmpty(userId)) return UserId;
        var body = Parse(userId);
        if (_named is { } named && named != body) throw new ProblemException(ErrorCodes.UserMismatch, "The body names another user than the request does.");
        return body;
    }

    /// <summary>Reads the caller at the edge.</summary>
    [SuppressMessage("Design", "CA1068", Justification = "The framework asks for this form.")]
    public static ValueTask<Caller> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Request;
        if (request.Query["token"] is [{ Length: > 0 } token] && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
        {
            var tokens = context.RequestServices.GetRequiredService<LinkTokens>();
            return tokens.TryVerify(token, request.Path.Value ?? "", out var user)
                ? ValueTask.FromResult(new Caller(user))
                : throw new ProblemException(ErrorCodes.InvalidToken, "The link's token is not valid for this address, or has expired; ask for the resource again to get a fresh link.");
        }

        var header = request.Headers["X-User-Id"].ToString();
        var query = request.Query["userId"].ToString();
        if (header.Length > 0 && query.Length > 0 && header != query) throw new ProblemException(ErrorCodes.UserMismatch, "X-User-Id and userId name two users.");
        var name = header.Length > 0 ? header : query;
        return ValueTask.FromResult(new Caller(name.Length > 0 ? Parse(name) : null));
    }

    private static UserId Parse(string text) =>
        UserId.TryParse(text, out var user) ? user : throw new ProblemException(ErrorCodes.InvalidUserId, "A user ID has 1-128 characters of A-Z, a-z, 0-9 and ._@+=:|~-");
}
