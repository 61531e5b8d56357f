using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Who makes what, whether that can cost money, and by which prices it is counted. Nobody is called: that could cost something. The key is never shown.</summary>
/// <param name="uses">What the service can have made elsewhere.</param>
public sealed class ProviderCheck(params ProviderUse[] uses) : IConfigurationCheck
{
    /// <inheritdoc/>
    public string Subject => "AI services";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(CommandContext context, IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var set = services.GetRequiredService<IOptions<ProviderSet>>().Value;
        foreach (var use in uses)
        {
            var chosen = set.ChosenFor(use);
            var told = chosen.Select(name => name == use.Local ? name : $"{name} ({use.Model(set.Providers[name])} at {set.Providers[name].Endpoint!.GetLeftPart(UriPartial.Authority)})");
            yield return Finding.Ok(SubjectOf(use), $"{use.Key}: {string.Join(", then ", told)}{(chosen.All(name => name == use.Local) ? "; costs nothing" : "; can cost money")}");
            foreach (var name in chosen.Where(name => name != use.Local))
            {
                var options = set.Providers[name];
                if (!use.IsPriced(options.Prices)) yield return Finding.Warning(SubjectOf(use), $"{ProviderOptions.Section}:{name}:Prices has none for {use.Model(options)}: its calls count as free, and no budget stops them.");
                if (options.Endpoint is { Scheme: "http", IsLoopback: false }) yield return Finding.Warning(SubjectOf(use), $"{ProviderOptions.Section}:{name}:Endpoint is http: the key and the prompts go over the network for everybody to read.");
            }
        }
    }

    private static string SubjectOf(ProviderUse use) => $"AI {use.Noun}";
}
