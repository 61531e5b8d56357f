using System.CommandLine;
using Microsoft.AspNetCore.Http;

namespace FrameVideo.Hosting;

/// <summary>Whether the service of this machine answers. For containers, whose images have no program that asks over HTTP.</summary>
public sealed class HealthCommand : OperatorCommand
{
    private static readonly Option<bool> Ready = new("--ready") { Description = "Also whether its database, its store and its peer answer." };

    /// <inheritdoc/>
    public override string Name => "health";

    /// <inheritdoc/>
    public override string Description => "Asks the service that runs on this machine whether it answers; exit code 0 where it does.";

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [Ready];

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var address = BindingAddress.Parse((context.Settings["urls"] ?? "http://localhost:5000").Split(';')[0]);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        var url = new UriBuilder(address.Scheme, host, address.Port, context.Get(Ready) ? "/health/ready" : "/health/live").Uri;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(8) };
        try
        {
            using var answer = await http.GetAsync(url, cancellationToken);
            context.Say($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"{url} does not answer: {failure.Message}", failure);
        }
    }
}
