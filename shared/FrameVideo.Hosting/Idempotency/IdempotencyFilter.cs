using FrameVideo.Contracts;
using FrameVideo.Jobs;
using Microsoft.AspNetCore.Http;

namespace FrameVideo.Hosting;

/// <summary>
/// Stands around every operation of the API, after its parameters are read: one request at a time has a key, and the same request again gets the same outcome. What was refused, failed,
/// or changed nothing does not use its key up; what was committed does (see <see cref="RequestTransactions.CompleteRequestAsync"/>).
/// </summary>
internal sealed class IdempotencyFilter(IdempotencyKeys keys) : IEndpointFilter
{
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(1);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Features.Get<KeyedRequest>() is not { } keyed) return await next(context);
        var user = UserOf(context);
        var claim = await keys.ClaimAsync(user, NameOf(keyed.Key, http), await keyed.FingerprintAsync(http.Request, http.RequestAborted), http.RequestAborted);
        return claim switch
        {
            IdempotencyClaim.Taken(var mark) => await RunAsync(mark, context, next),
            IdempotencyClaim.Finished(var outcome) => new ReplayResult(user, outcome),
            IdempotencyClaim.Running => throw InProgress(),
            _ => throw new ProblemException(ErrorCodes.IdempotencyKeyReused, "This key was used for another request. A key belongs to one request, with the same method, address and body."),
        };
    }

    private async Task<object?> RunAsync(IdempotencyMark mark, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var isDone = false;
        try
        {
            IdempotencyMark.Current = mark;
            var result = await next(context);
            isDone = true;
            return result;
        }
        catch (IdempotencyMarkLostException)
        {
            throw InProgress();
        }
        finally
        {
            await keys.EndAsync(mark, isDone);
        }
    }

    /// <summary>Who has a token for one request ID has keys of its own: it learns nothing of its user's other ones, and takes none away. No key that a caller chooses has a space.</summary>
    private static string NameOf(string key, HttpContext http) => http.Features.Get<Caller>()?.Only is { } only ? $"{only} {key}" : key;

    /// <summary>Whoever may act for users, or need not say who it is, may name the user in the body.</summary>
    private static UserId UserOf(EndpointFilterInvocationContext context)
    {
        var caller = context.HttpContext.Features.Get<Caller>() ?? throw new InvalidOperationException($"{context.HttpContext.GetEndpoint()?.DisplayName} takes a key, but lets anybody in.");
        return caller.For(context.Arguments.OfType<INamesUser>().FirstOrDefault()?.UserId);
    }

    private static ProblemException InProgress() =>
        new(ErrorCodes.IdempotencyInProgress, "The same request is being carried out at this moment; ask again for its outcome.") { RetryAfter = ComeAgain };
}
