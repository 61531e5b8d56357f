using System.CommandLine;
using System.CommandLine.Parsing;
using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace VideoService.Operations;

/// <summary>Makes the rows of every film that lies whole in the store and that the database does not know. Runs beside a serving service; run again, it changes nothing.</summary>
internal sealed class RecoverCommand : OperatorCommand
{
    private const string Recovered = "recovered";
    private const string Known = "already known";
    private const string Deleted = "deleted";
    private const string Unfinished = "never finished";
    private const string Skipped = "skipped";

    public override string Name => "recover";

    public override string Description => "Rebuilds the rows of films from the object store: those that the database does not know. What was deleted stays deleted.";

    public override IReadOnlyList<Option> Options => [UserChoice.User, UserChoice.All, UserChoice.DryRun, CommandContext.Json];

    public override IReadOnlyList<Action<CommandResult>> Validators => [UserChoice.RequireOne];

    protected override async Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var services = await context.ComposeAsync(cancellationToken);
        var store = services.GetRequiredService<IObjectStore>();
        var tally = new Tally(Recovered, Known, Deleted, Unfinished, Skipped);
        await foreach (var user in UserChoice.UsersAsync(context, store, cancellationToken))
        {
            await foreach (var request in store.ListRequestsAsync(user, cancellationToken)) await RequestAsync(context, services, request, tally, cancellationToken);
        }

        context.Say($"{(context.Get(UserChoice.DryRun) ? "dry run: " : "")}{tally}");
        context.Report(tally);
        return tally.Counts[Skipped] == 0;
    }

    private static async Task RequestAsync(CommandContext context, IServiceProvider services, StoredRequest request, Tally tally, CancellationToken cancellationToken)
    {
        var films = request.Objects.Where(entry => !entry.Key.VideoId.IsEmpty).GroupBy(entry => entry.Key.VideoId).ToList();
        if (films.Count == 0) return;
        var table = services.GetRequiredService<OperatorTable>();
        if (await table.IsDeletedAsync(request.UserId, request.RequestId, cancellationToken))
        {
            tally.Count(Deleted, films.Count);
            return;
        }

        var known = (await table.FilmsAsync(request.UserId, request.RequestId, cancellationToken)).ToDictionary(row => row.VideoId);
        var there = request.Objects.ToDictionary(entry => entry.Key);
        foreach (var film in films)
        {
            if (known.TryGetValue(film.Key, out var row)) tally.Count(row.DeletedAt is null ? Known : Deleted);
            else await FilmAsync(context, services.GetRequiredService<RecoverVideo>(), ObjectKeys.VideoRecord(request.UserId, request.RequestId, film.Key), there, tally, cancellationToken);
        }
    }

    /// <summary>One film. What is wrong with it keeps none of the others from coming back; an outage ends the run.</summary>
    private static async Task FilmAsync(
        CommandContext context, RecoverVideo recover, ObjectKey record, Dictionary<ObjectKey, ObjectEntry> there, Tally tally, CancellationToken cancellationToken)
    {
        var subject = $"{record.UserId}/{record.RequestId} {record.VideoId}";
        if (!there.ContainsKey(record))
        {
            Tell(Unfinished, "no video.json lies beside it: its render was stopped before the end. Ask for the film again");
            return;
        }

        try
        {
            var rebuilt = await recover.ReadAsync(record, there, cancellationToken);
            if (!context.Get(UserChoice.DryRun) && !await recover.WriteAsync(rebuilt, cancellationToken))
            {
                tally.Count(Known);
                return;
            }

            tally.Count(Recovered);
            context.Say($"recovered {subject}: {rebuilt.Frames.Count} frames, {rebuilt.Video.Duration} s, {rebuilt.Video.Bytes} bytes");
        }
        catch (Exception exception) when (exception is not (ObjectStoreException or OperationCanceledException or DbException))
        {
            Tell(Skipped, Failures.Sentence(exception));
        }

        void Tell(string outcome, string reason)
        {
            tally.Note(outcome, subject, reason);
            context.Say($"{outcome} {subject}: {reason}");
        }
    }
}
