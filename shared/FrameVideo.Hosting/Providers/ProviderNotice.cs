using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Says in one line of the log, as the service starts, who makes what, and whether that can cost money.</summary>
internal sealed partial class ProviderNotice(IOptions<ProviderSet> options, IReadOnlyList<ProviderUse> uses, ILogger<ProviderNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var set = options.Value;
        var makers = uses.Select(use => $"{use.Noun} {string.Join(", then ", set.ChosenFor(use).Select(name => name == use.Local ? name : $"{name} ({use.Model(set.Providers[name])})"))}");
        MadeBy(string.Join("; ", makers), uses.All(use => set.ChosenFor(use).All(name => name == use.Local)) ? "costs nothing" : "can cost money");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Made by: {Makers}: this {Cost}")]
    private partial void MadeBy(string makers, string cost);
}
