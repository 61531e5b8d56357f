using System.ClientModel;
using System.ClientModel.Primitives;
using FrameVideo.Hosting;
using Microsoft.Extensions.AI;
using OpenAI;

namespace FrameService.Generation.Providers;

/// <summary>
/// Makes clients for OpenAI's protocol out of a provider's settings. Nothing is tried again in here, since <see cref="Provider.CallAsync"/> is the one place for that; no redirect is followed, since the key would go along; and an
/// answer is bounded, since the server may be anybody's.
/// </summary>
internal sealed class OpenAIClients : IDisposable
{
    /// <summary>A picture of 25 MiB as base64 in JSON, and room around it.</summary>
    private const int MaxAnswerBytes = 48 * 1024 * 1024;

    private readonly HttpClient _http = new(new BoundedAnswers(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(5) }))
    {
        // The time-out is the provider's own.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Who writes at the provider.</summary>
    public IChatClient Chat(Provider provider) => Client(provider).GetChatClient(provider.Options.StoryModel!).AsIChatClient();

#pragma warning disable MEAI001 // Experimental there; this file and the artist adapt it.
    /// <summary>Who draws at the provider.</summary>
    public IImageGenerator Images(Provider provider, string? model = null) => Client(provider).GetImageClient(model ?? provider.Options.ImageModel!).AsIImageGenerator();
#pragma warning restore MEAI001

    public void Dispose() => _http.Dispose();

    private OpenAIClient Client(Provider provider) => new(new ApiKeyCredential(provider.Options.ApiKey!), new OpenAIClientOptions
    {
        Endpoint = provider.Options.Endpoint,
        NetworkTimeout = provider.Options.Timeout,
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        Transport = new HttpClientPipelineTransport(_http),
        // Bodies are prompts and keys are headers: neither is anything for a log.
        ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
    });

    private sealed class BoundedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            return response;
        }
    }
}
