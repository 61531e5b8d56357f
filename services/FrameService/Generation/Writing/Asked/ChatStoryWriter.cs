using System.Collections.Concurrent;
using FrameService.Generation.Providers;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using Microsoft.Extensions.AI;

namespace FrameService.Generation.Writing.Asked;

/// <summary>
/// Has a language model write a story:
/// <code>
/// 1. the first call asks for title, story, profile and the first scenes; each further one for the next scenes, and carries what there is: title, story, profile and the last scenes
/// 2. an answer is read for what it is good for: scenes too many are left, scenes too few are asked for by the next call
/// 3. what an answer was good for is kept with the session at once: after a crash or an outage the next attempt goes on from there, also with another provider
/// 4. one that is good for nothing is asked for again once, then the story is given up
/// </code>
/// </summary>
internal sealed class ChatStoryWriter(OpenAIClients clients, PaidCalls calls, SessionTable sessions)
{
    /// <summary>Scenes of one call: what they come to in any language, with the thoughts of a model that has some, stays below what models write at most (16,384 tokens the smaller ones).</summary>
    public const int Batch = 16;

    private const int TokensOfScene = 500;
    private const int TokensBeside = 8000;

    /// <summary>The providers that do not take a schema; what is asked for stands in the words, too.</summary>
    private readonly ConcurrentDictionary<string, bool> _withoutSchema = new(StringComparer.Ordinal);

    /// <exception cref="ProviderException">The call has failed, or the story cannot be used.</exception>
    /// <exception cref="BudgetExceededException">It would cost more than is left.</exception>
    public async Task<WrittenStory> WriteAsync(Provider provider, StoryBrief brief, CancellationToken cancellationToken)
    {
        var chat = clients.Chat(provider);
        var key = brief.Session!.Key;
        var draft = new StoryDraft(brief, await sessions.StoryDraftAsync(key, cancellationToken));
        var (left, misses) = ((2 * ((brief.FrameCount + Batch - 1) / Batch)) + 2, 0);
        while (draft.Missing > 0)
        {
            if (left-- == 0) throw OpenAIFaults.Malformed(provider.Name, "far fewer scenes than were asked for");
            var answer = await AskAsync(provider, chat, brief, StoryQuestion.Of(brief, draft, Math.Min(draft.Missing, Batch), misses > 0), cancellationToken);
            if (Refused(answer) is { } word) throw OpenAIFaults.Moderated(provider.Name, "prompt", word);
            // What it is good for is taken on the second try, a profile or none.
            if (StoryReply.Read(answer.Text) is { } part && draft.TryAdd(part, Batch, isLastTry: misses > 0, provider.Name, answer.ModelId ?? provider.Options.StoryModel!))
            {
                misses = 0;
                await sessions.KeepStoryDraftAsync(key, draft.ToText());
            }
            else if (++misses > 1)
            {
                throw OpenAIFaults.Malformed(provider.Name, "what is no story");
            }
        }

        return draft.ToStory();
    }

    /// <summary>What a call for so many scenes can cost at most, by the provider's prices; 0 where it has none.</summary>
    public static decimal EstimateUsd(Provider provider, StoryBrief brief, int scenes) =>
        Cost(provider, (StoryQuestion.Length(brief) / 2) + 1, MaxTokens(scenes));

    private static int MaxTokens(int scenes) => TokensBeside + (scenes * TokensOfScene);

    private static decimal Cost(Provider provider, long read, long written) =>
        ((read * (provider.Options.Prices.StoryInput ?? 0)) + (written * (provider.Options.Prices.StoryOutput ?? 0))) / 1_000_000;

    private async Task<ChatResponse> AskAsync(Provider provider, IChatClient chat, StoryBrief brief, StoryQuestion question, CancellationToken cancellationToken)
    {
        var hasSchema = !_withoutSchema.ContainsKey(provider.Name);
        var options = new ChatOptions { MaxOutputTokens = MaxTokens(question.Scenes), ResponseFormat = hasSchema ? StoryQuestion.Format : null, AdditionalProperties = hasSchema ? new() { ["strict"] = true } : null };
        try
        {
            return await calls.RunAsync(
                brief.Session!, provider, provider.Options.StoryModel!, UsageKind.Story, EstimateUsd(provider, brief, question.Scenes),
                async cancellation =>
                {
                    var answer = await OpenAIFaults.TellAsync(provider, () => chat.GetResponseAsync(question.Messages, options, cancellation), cancellation);
                    var (read, written) = (answer.Usage?.InputTokenCount ?? question.Messages.Sum(message => message.Text.Length) / 4, answer.Usage?.OutputTokenCount ?? answer.Text.Length / 4);
                    return (answer, new CallCost(Cost(provider, read, written), InputTokens: read, OutputTokens: written));
                },
                cancellationToken);
        }
        catch (ProviderException fault) when (hasSchema && fault is { Kind: ProviderFault.Refused, ServiceStatus: 400 or 422 or 501 } && _withoutSchema.TryAdd(provider.Name, true))
        {
            // Some servers of the protocol know no schemas. If it was something else, the second call says so, too.
            return await AskAsync(provider, chat, brief, question, cancellationToken);
        }
    }

    /// <summary>The service's word for not writing this; null where it has written.</summary>
    private static string? Refused(ChatResponse answer) =>
        answer.FinishReason == ChatFinishReason.ContentFilter ? "content_filter"
        : answer.Text.Length == 0 && answer.Messages.SelectMany(message => message.Contents).OfType<ErrorContent>().Any() ? "refusal"
        : null;
}
