using System.CommandLine;
using System.CommandLine.Parsing;
using System.Data.Common;
using System.Runtime.CompilerServices;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace FrameService.Operations;

/// <summary>Takes over the former product's layouts. Originals stay; run again, nothing doubles. Runs beside a serving service.</summary>
internal sealed class AdoptCommand : OperatorCommand
{
    internal const string Adopted = "sessions adopted";
    internal const string Already = "already adopted";
    internal const string Registered = "recovered";
    internal const string Copied = "pictures copied";
    internal const string Older = "older pictures kept as uploads";
    internal const string Refused = "refused";
    internal const string Unreadable = "unreadable";
    internal const string Left = "left";

    public override string Name => "adopt";

    public override string Description =>
        "Takes over a former product's pictures: session_<ms>_<x> and req-<ms>-<x> become req_<ms>_<x>; reference-frames/<user>/ and user-uploads/<user>/ at the root become one request for each user. Copies within the store; the originals stay.";

    public override IReadOnlyList<Option> Options => [UserChoice.User, UserChoice.All, UserChoice.DryRun, CommandContext.Json];

    public override IReadOnlyList<Action<CommandResult>> Validators => [UserChoice.RequireOne];

    protected override async Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var services = await context.ComposeAsync(cancellationToken);
        var adopt = ActivatorUtilities.CreateInstance<AdoptSession>(services);
        var tally = new Tally(Adopted, Already, Copied, Older, Unreadable, Refused, Left);
        var user = context.Get(UserChoice.User) is { IsEmpty: false } one ? one : (UserId?)null;
        await foreach (var folder in FoldersAsync(services.GetRequiredService<IFormerObjects>(), user, tally, cancellationToken))
        {
            if (folder is { Former: { } former }) await EachAsync(context, adopt, former, tally, cancellationToken);
            // Named as the former product named its frames, but at the right place: its rows alone are wanting.
            else if (folder.Present!.Objects.Any(entry => entry.Key.Kind == ObjectKind.FormerFrame)) await RecoverCommand.EachAsync(context, services, folder.Present, tally, cancellationToken);
        }

        context.Say($"{(context.Get(UserChoice.DryRun) ? "dry run: " : "")}{tally}");
        context.Report(tally);
        return tally.Counts[Refused] == 0;
    }

    /// <summary>What is wrong with one folder keeps none of the others from being taken over; an outage ends the run.</summary>
    private static async Task EachAsync(CommandContext context, AdoptSession adopt, FormerFolderListing folder, Tally tally, CancellationToken cancellationToken)
    {
        try
        {
            await adopt.RunAsync(folder, context.Get(UserChoice.DryRun), tally, context.Say, cancellationToken);
        }
        catch (Exception exception) when (exception is not (ObjectStoreException or OperationCanceledException or DbException))
        {
            tally.Note(Refused, folder.ToString(), Failures.Sentence(exception));
            context.Say($"{Refused} {folder}: {Failures.Sentence(exception)}");
        }
    }

    /// <summary>The store as folders that belong together, one at a time, in the order of its names.</summary>
    private static async IAsyncEnumerable<(FormerFolderListing? Former, StoredRequest? Present)> FoldersAsync(
        IFormerObjects objects, UserId? user, Tally tally, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] prefixes = user is { } one ? [$"{one}/", $"{ObjectKey.ReferenceFrames}/{one}/", $"{ObjectKey.UserUploads}/{one}/"] : [""];
        FormerFolderListing? former = null;
        List<ObjectEntry> present = [];
        foreach (var prefix in prefixes)
        {
            await foreach (var found in objects.ListAsync(prefix, cancellationToken))
            {
                var name = FormerName.TryParse(found.Name, out var parsed) ? parsed : null;
                var key = name is null && ObjectKey.TryParse(found.Name, out var there) ? there : default;
                if (former is not null && (name is null || !former.Takes(name)))
                {
                    yield return (former, null);
                    former = null;
                }

                if (present.Count > 0 && (key.IsEmpty || key.RequestId != present[0].Key.RequestId || key.UserId != present[0].Key.UserId))
                {
                    yield return (null, new StoredRequest(present[0].Key.UserId, present[0].Key.RequestId, present));
                    present = [];
                }

                if (name is not null) (former ??= new FormerFolderListing(name.UserId, name.RequestId, name.Source)).Objects.Add((name, found));
                else if (!key.IsEmpty) present.Add(new ObjectEntry(key, found.Length, found.LastModified));
                else if (found.Name[0] != '.') tally.Note(Left, found.Name, "Of no layout that is known here, or no picture: it stays where it is.");
            }
        }

        if (former is not null) yield return (former, null);
        if (present.Count > 0) yield return (null, new StoredRequest(present[0].Key.UserId, present[0].Key.RequestId, present));
    }
}

/// <summary>A folder of the former product that becomes one request.</summary>
internal sealed record FormerFolderListing(UserId UserId, RequestId RequestId, string Source)
{
    public List<(FormerName Name, FormerObject Object)> Objects { get; } = [];

    public bool Takes(FormerName name) => name.UserId == UserId && name.RequestId == RequestId && name.Source == Source;

    public override string ToString() => $"{UserId}/{RequestId} (from {Source})";
}
