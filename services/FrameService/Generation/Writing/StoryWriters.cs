using FrameService.Generation.Writing.Asked;
using FrameVideo.Hosting;

namespace FrameService.Generation.Writing;

/// <summary>
/// Who writes, as the configuration chooses: the first provider; where that is out, the next one; and where one writes what cannot be used, twice, the local writer. What else goes wrong is told: it is for an operator, or for whoever
/// wrote the prompt.
/// </summary>
internal sealed partial class StoryWriters(FrameVideo.Hosting.Providers providers, ChatStoryWriter chat, DraftStoryWriter local, ILogger<StoryWriters> logger) : IStoryWriter
{
    public async Task<WrittenStory> WriteAsync(StoryBrief brief, CancellationToken ct)
    {
        ProviderException? outage = null;
        foreach (var provider in providers.ChosenFor(ProviderUse.Stories))
        {
            if (provider is null) return await local.WriteAsync(brief, ct);
            try
            {
                return await chat.WriteAsync(provider, brief, ct);
            }
            catch (ProviderException fault) when (fault.IsOutage)
            {
                IsOut(provider.Name, fault.Kind, fault.ServiceCode);
                outage = fault;
            }
            catch (ProviderException fault) when (fault.Kind == ProviderFault.Malformed)
            {
                IsMalformed(provider.Name, fault.Message);
                return await local.WriteAsync(brief, ct);
            }
        }

        throw outage!;
    }

    [LoggerMessage(LogLevel.Warning, "{Provider} writes no story at present ({Fault}, {ServiceCode})")]
    private partial void IsOut(string provider, ProviderFault fault, string? serviceCode);

    [LoggerMessage(LogLevel.Warning, "{Provider} has written no story that can be used; the local writer does. {What}")]
    private partial void IsMalformed(string provider, string what);
}
