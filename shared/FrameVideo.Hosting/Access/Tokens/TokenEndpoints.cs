using FrameVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace FrameVideo.Hosting;

/// <summary>The route that makes a token for one request ID.</summary>
public static class TokenEndpoints
{
    private const long MaxBodyBytes = 16 * 1024;

    /// <summary>Maps it.</summary>
    public static void MapTokens(this IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/tokens", Create).WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes), new AnyScope())
        .WithName("createToken").WithTags("Tokens")
        .WithSummary("Make a token for one request ID, to be handed to a browser.")
        .WithDescription(
            "The token is shown to both services as `Authorization: Bearer fvt_...`, or as `?token=` where something is read. It opens the session of its request ID with frames, pictures and events, and its films with "
            + "content and events; with `frames:write` it uploads, saves and generates under that ID, with `videos:write` (and `frames:read`) it makes films of it. Everything else it is refused: other request IDs, lists of "
            + "everything, deletions, `callbackUrl`, and further tokens. By default it may read what its maker may, for an hour. The request ID need not be in use yet. A token ends no later than the key or the token it was asked for "
            + "with, and cannot be called back before that: give it as little time as will do. Nothing is kept, so an Idempotency-Key makes no difference here.")
        .WithBody("browser", "A token with which a page reads one session and its film", new CreateTokenRequest { RequestId = OpenApiExamples.RequestId, ExpiresIn = 600 })
        .WithErrors(ErrorCodes.InvalidJson, ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.UserRequired, ErrorCodes.InvalidUserId, ErrorCodes.BodyTooLarge, ErrorCodes.UnsupportedMediaType, ErrorCodes.ValidationFailed);

    private static Ok<RequestToken> Create(CreateTokenRequest request, Caller caller, CreateToken create, HttpResponse response)
    {
        var token = create.Run(request, caller);
        // RFC 6749, section 5.1.
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(token);
    }
}
