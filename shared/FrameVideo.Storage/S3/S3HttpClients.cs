using System.Diagnostics;
using Amazon.Runtime;

namespace FrameVideo.Storage;

/// <summary>The one HTTP client of a connection. Time-outs are not its business: each request brings a token that ends.</summary>
internal sealed class S3HttpClients(int maxConnections) : HttpClientFactory, IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        MaxConnectionsPerServer = maxConnections,

        // A name that leads elsewhere after a failover is looked up again.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),

        // Servers close idle connections after 20 s and more; a request on a closed one would be a lost attempt.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        UseCookies = false,

        // A span, but no header: whose trace a request belongs to is none of the store's business.
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,

        // Some servers lose their place after an early refusal.
        DefaultRequestHeaders = { ExpectContinue = false },
    };

    /// <inheritdoc/>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    /// <inheritdoc/>
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
