using System.CommandLine;
using System.CommandLine.Parsing;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace FrameService.Operations;

/// <summary>Makes the rows of every session that lies in the store and that the database does not know. Runs beside a serving service; run again, it changes nothing.</summary>
internal sealed class RecoverCommand : OperatorCommand
{
    private const string Recovered = "recovered";
    private const string Partly = "recovered with losses";
    private const string Known = "already known";
    private const string Deleted = "deleted";
    private const string Skipped = "skipped";

    public override string Name => "recover";

    public override string Description => "Rebuilds the rows of sessions from the object store: those that the database does not know. What was deleted stays deleted.";

    public override IReadOnlyList<Option> Options => [UserChoice.User, UserChoice.All, UserChoice.DryRun, CommandContext.Json];

    public override IReadOnlyList<Action<CommandResult>> Validators => [UserChoice.RequireOne];

    protected override async Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var services = await context.ComposeAsync(cancellationToken);
        var store = services.GetRequiredService<IObjectStore>();
        var tally = new Tally(Recovered, Partly, Known, Deleted, Skipped);
        await foreach (var user in UserChoice.UsersAsync(context, store, cancellationToken))
        {
            await foreach (var request in store.ListRequestsAsync(user, cancellationToken)) await EachAsync(context, services, request, tally, cancellationToken);
        }

        context.Say($"{(context.Get(UserChoice.DryRun) ? "dry run: " : "")}{tally}");
        context.Report(tally);
        return tally.Counts[Skipped] == 0;
    }

    /// <summary>One request. What is wrong with it keeps none of the others from coming back; an outage ends the run.</summary>
    internal static async Task EachAsync(CommandContext context, IServiceProvider services, StoredRequest request, Tally tally, CancellationToken cancellationToken)
    {
        var key = new SessionKey(request.UserId, request.RequestId);
        // Films without any picture of their session: VideoService's part alone.
        var objects = request.Objects.Where(entry => entry.Key.Kind is ObjectKind.Frame or ObjectKind.FormerFrame or ObjectKind.Upload or ObjectKind.Manifest).ToList();
        if (objects.Count == 0) return;
        try
        {
            if (await services.GetRequiredService<SessionTable>().FindAsync(key, cancellationToken) is { } present)
            {
                tally.Count(present.DeletedAt is null ? Known : Deleted);
                return;
            }

            if (await services.GetRequiredService<RebuildSession>().RunAsync(key, objects, cancellationToken) is not { } rebuilt)
            {
                Tell(Skipped, "neither manifest.json nor a picture tells of a session");
                return;
            }

            if (!context.Get(UserChoice.DryRun) && !await services.GetRequiredService<RecoverSession>().WriteAsync(rebuilt, cancellationToken))
            {
                // The service beside this command was asked for it at the same moment.
                tally.Count(Known);
                return;
            }

            var what = $"{rebuilt.Session.Status}, {rebuilt.Frames.Count(frame => frame.HasPicture)} of {rebuilt.Session.FrameCount} frames";
            if (rebuilt.Losses.Count > 0)
            {
                Tell(Partly, $"{what}; {string.Join("; ", rebuilt.Losses)}");
                return;
            }

            tally.Count(Recovered);
            context.Say($"recovered {key}: {what}");
        }
        catch (Exception exception) when (exception is not (ObjectStoreException or OperationCanceledException or System.Data.Common.DbException))
        {
            Tell(Skipped, Failures.Sentence(exception));
        }

        void Tell(string outcome, string reason)
        {
            tally.Note(outcome, key.ToString(), reason);
            context.Say($"{outcome} {key}: {reason}");
        }
    }
}
