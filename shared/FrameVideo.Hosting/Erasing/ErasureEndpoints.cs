using FrameVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace FrameVideo.Hosting;

/// <summary>The routes of erasure, alike in both services; each removes its own part.</summary>
public static class ErasureEndpoints
{
    /// <summary>How long a caller is kept waiting for the end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Where a user's erasure is found, as a path of the service.</summary>
    public static string PathOf(UserId userId) => $"/v1/users/{Uri.EscapeDataString(userId.ToString())}/data";

    /// <summary>Maps them.</summary>
    /// <param name="routes">The service's routes.</param>
    /// <param name="part">What this service removes, as the end of a sentence.</param>
    public static void MapErasure(this IEndpointRouteBuilder routes, string part)
    {
        var data = routes.MapGroup("/v1/users/{userId}/data").WithTags("Users");
        data.MapDelete("", EraseAsync).WithName("eraseUser").WithSummary("Erase everything of a user.")
            .WithDescription(
                $"Removes {part} From the answer on nothing of it can be read; what begins afterwards stays. 202 where the rest is removed by and by, because it is much or the store does not answer: read `links.self` "
                + "until `complete`, or ask again, which goes on with it. For the user, a key with the scope `admin`, or a back end that acts for its users.")
            .WithErrors(ErrorCodes.InvalidUserId, ErrorCodes.UserMismatch, ErrorCodes.DatabaseUnavailable);
        data.MapGet("", GetAsync).WithName("getErasure").WithSummary("How far the erasure of a user is, and what it has removed.")
            .WithErrors(ErrorCodes.InvalidUserId, ErrorCodes.UserMismatch, ErrorCodes.NotFound, ErrorCodes.DatabaseUnavailable);
    }

    private static async Task<Results<Ok<Erasure>, Accepted<Erasure>>> EraseAsync(string userId, Caller caller, EraseUser erase, PublicLinks links, CancellationToken cancellationToken)
    {
        var report = (await erase.RunAsync(caller.ForOrAdmin(userId), Patience, cancellationToken)).ToWire(links);
        return report.Complete ? TypedResults.Ok(report) : TypedResults.Accepted(report.Links.Self, report);
    }

    private static async Task<Results<Ok<Erasure>, NotModified>> GetAsync(string userId, Caller caller, ErasureTable erasures, PublicLinks links, HttpContext http, CancellationToken cancellationToken)
    {
        var row = await erasures.FindAsync(caller.ForOrAdmin(userId), cancellationToken)
            ?? throw new ProblemException(ErrorCodes.NotFound, "No erasure of this user was asked for, or that was long ago.");
        return Conditional.IsCurrent(http, Conditional.Digest([row.ToString()])) ? NotModified.Answer : TypedResults.Ok(row.ToWire(links));
    }
}
