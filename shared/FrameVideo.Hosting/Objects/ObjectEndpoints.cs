using FrameVideo.Contracts;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FrameVideo.Hosting;

/// <summary>Serves the links of a store that has no HTTP of its own, and the proxies of the older browser application. The token is the only authority.</summary>
public static class ObjectEndpoints
{
    /// <summary>Where such links lead.</summary>
    public const string Path = "/v1/objects/";

    /// <summary>Maps <c>/v1/objects/{key}?token=</c>.</summary>
    public static void MapObjects(this IEndpointRouteBuilder routes) => routes
        .MapGet(Path + "{**key}", GetObject)
        .AllowAnonymous().MayBeEmbedded()
        .WithName("getObject").WithTags("Objects")
        .WithSummary("The bytes of one object, by a link that an answer carried.")
        .WithDescription("Links come from answers; clients never build one. The token names the object, its user and an end. One Range is served as 206, of several the whole; conditions by ETag or date.")
        .WithBytes("*/*")
        .WithErrors(ErrorCodes.TokenExpired, ErrorCodes.InvalidToken, ErrorCodes.ObjectNotFound, ErrorCodes.PreconditionFailed, ErrorCodes.RangeNotSatisfiable, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured);

    /// <summary>Maps a proxy of the older browser application: <c>?key=&amp;token=</c>.</summary>
    /// <param name="routes">The service's routes.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="name">The operation's name.</param>
    public static void MapObjectProxy(this IEndpointRouteBuilder routes, string path, string name) => routes
        .MapGet(path, GetProxied)
        .AllowAnonymous().MayBeEmbedded()
        .WithName(name).WithTags("Older routes")
        .WithSummary("The bytes of one object, by a link that an older route's answer carried.")
        .WithDescription("As `/v1/objects`, with the object's name in the query. Takes Range and If-None-Match.")
        .WithBytes("*/*")
        .WithErrors(ErrorCodes.TokenExpired, ErrorCodes.InvalidToken, ErrorCodes.ObjectNotFound, ErrorCodes.PreconditionFailed, ErrorCodes.StorageUnavailable);

    private static Task<ObjectResult> GetObject(string key, string? token, LinkTokens tokens, IObjectStore store, CancellationToken cancellationToken) =>
        OpenAsync(key, token, tokens, store, cancellationToken);

    private static Task<ObjectResult> GetProxied(string? key, string? token, LinkTokens tokens, IObjectStore store, CancellationToken cancellationToken) =>
        OpenAsync(key, token, tokens, store, cancellationToken);

    private static Task<ObjectResult> OpenAsync(string? text, string? token, LinkTokens tokens, IObjectStore store, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Clients that were generated from the document escape a parameter as one part of the path.
        if (!ObjectKey.TryParse(text?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), out var key)) throw new ProblemException(ErrorCodes.ObjectNotFound, "This is no object of ours.");
        if (tokens.TryVerify(token, LinkTokens.ResourceOf(key), out var user, out var hasExpired) && user == key.UserId) return Task.FromResult(new ObjectResult(store, key));
        throw hasExpired
            ? new ProblemException(ErrorCodes.TokenExpired, "The link has expired; ask for the resource again to get a fresh one.")
            : new ProblemException(ErrorCodes.InvalidToken, "The link's token is not valid for this object; ask for the resource again to get a fresh link.");
    }
}
