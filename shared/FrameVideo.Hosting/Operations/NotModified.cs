using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace FrameVideo.Hosting;

/// <summary>304: what the caller has is what there is. ETag, Cache-Control and Vary are set already.</summary>
public sealed class NotModified : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    private NotModified()
    {
    }

    /// <summary>The answer.</summary>
    public static NotModified Answer { get; } = new();

    /// <inheritdoc/>
    public int? StatusCode => StatusCodes.Status304NotModified;

    /// <inheritdoc/>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new TakesIfNoneMatch());
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified));
    }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }
}

/// <summary>The operation reads, and its answers have an ETag that If-None-Match may name.</summary>
internal sealed record TakesIfNoneMatch;
