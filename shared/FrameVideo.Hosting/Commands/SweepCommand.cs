using System.CommandLine;
using System.Globalization;
using FrameVideo.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Removes orphans now, where the service itself does it once in a while.</summary>
public sealed class SweepCommand : OperatorCommand
{
    private static readonly Option<TimeSpan?> OlderThan = new("--older-than")
    {
        Description = "How long an object stays without a row, such as 30m, 24h or 7d; Storage:OrphanGrace by default. 0 takes all: only while the service is stopped, since an upload puts its object a moment before its row.",
        HelpName = "time",
        CustomParser = static result =>
        {
            if (Parse(result.Tokens[0].Value) is { } time) return time;
            result.AddError($"{result.Tokens[0].Value} is no time; say 0, 30m, 24h or 7d.");
            return null;
        },
    };

    /// <inheritdoc/>
    public override string Name => "sweep";

    /// <inheritdoc/>
    public override string Description => "Removes objects of this service's part of the layout that no row points at, of sessions that the database knows. Others can be recovered and stay.";

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [UserChoice.User, OlderThan, UserChoice.DryRun, CommandContext.Json];

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var services = await context.ComposeAsync(cancellationToken);
        var grace = context.Get(OlderThan) ?? SweepRequest.GraceOf(services.GetRequiredService<IOptions<SweepOptions>>(), services.GetRequiredService<IConfiguration>());
        var user = context.Get(UserChoice.User) is { IsEmpty: false } one ? one : (UserId?)null;
        var tally = await services.GetRequiredService<IOrphanSweep>().RunAsync(new SweepRequest(user, grace, context.Get(UserChoice.DryRun)), context.Say, cancellationToken);
        context.Say(tally.ToString());
        context.Report(tally);
        return true;
    }

    private static TimeSpan? Parse(string text)
    {
        if (text == "0") return TimeSpan.Zero;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 100_000) return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(count),
            _ => null,
        };
    }
}
