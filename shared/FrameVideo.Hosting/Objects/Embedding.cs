using Microsoft.AspNetCore.Builder;

namespace FrameVideo.Hosting;

/// <summary>Pictures and films stand in pages of other origins.</summary>
public static class Embedding
{
    /// <summary>Lets pages of any origin show what the address answers with, and where it leads; a link's token is what opens it.</summary>
    public static TBuilder MayBeEmbedded<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new BrowserHeaders.Embeddable());
}
