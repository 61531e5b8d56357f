using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.DependencyInjection;

namespace FrameVideo.Hosting;

/// <summary>Erases a user for an operator, as <c>DELETE /v1/users/{userId}/data</c> does. Runs beside a serving service.</summary>
public sealed class EraseCommand : OperatorCommand
{
    /// <inheritdoc/>
    public override string Name => "erase";

    /// <inheritdoc/>
    public override string Description => "Removes everything of a user that is this service's: rows, objects with and without a row. Work that is running is ended. FrameService's tells VideoService, which follows.";

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [UserChoice.User, UserChoice.DryRun, CommandContext.Json];

    /// <inheritdoc/>
    public override IReadOnlyList<Action<CommandResult>> Validators =>
    [
        static result =>
        {
            if (result.GetResult(UserChoice.User) is null) result.AddError("Say --user <id>.");
        },
    ];

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var services = await context.ComposeAsync(cancellationToken);
        var user = context.Get(UserChoice.User);
        if (context.Get(UserChoice.DryRun))
        {
            var tally = new Tally();
            await services.GetRequiredService<IUserEraser>().CountAsync(user, tally, cancellationToken);
            context.Say($"dry run: {user} has {tally}");
            context.Report(tally);
            return true;
        }

        var row = await services.GetRequiredService<EraseUser>().RunAsync(user, Timeout.InfiniteTimeSpan, cancellationToken);
        context.Say($"{row.Sessions} sessions, {row.Frames} frames, {row.Videos} films, {row.Objects} objects, {row.RowsRemoved} other rows removed");
        if (row.ObjectsLeft > 0) context.Say($"{row.ObjectsLeft} objects of a former product's layouts are left, which only you can remove");
        context.Report(row.ToWire(services.GetRequiredService<PublicLinks>()));
        return row.CompletedAt is not null ? true : throw new CommandFailedException("not all of it could be removed now; run it again, or leave the rest to the service, which goes on by itself");
    }
}
