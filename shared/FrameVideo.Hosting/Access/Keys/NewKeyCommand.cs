using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>Makes an API key. The key itself goes to standard output, once, and nowhere else; what configuration needs of it goes to a file or to standard error.</summary>
public sealed class NewKeyCommand(TimeProvider clock) : OperatorCommand
{
    private static readonly Option<string?> User = new("--user") { Description = "Whose key it is: a user ID.", HelpName = "id" };
    private static readonly Option<bool> ActAs = new("--act-as") { Description = "For a back end with users of its own: each request names the user. In place of --user." };
    private static readonly Option<string[]> Scope = new("--scope") { Description = $"What it may do; several are allowed: {string.Join(", ", Scopes.All.Where(scope => scope != Scopes.ActAs).Order(StringComparer.Ordinal))}.", HelpName = "scope", Required = true, AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Expires = new("--expires") { Description = "When it ends: 90d, 12h, or a date such as 2027-01-31 (UTC). By default it does not.", HelpName = "when" };
    private static readonly Option<string?> Label = new("--name") { Description = "What it is for; for people alone.", HelpName = "text" };
    private static readonly Option<string?> File = new("--append") { Description = "Adds its entry to this key file (Auth:ApiKeysFile), which is made where it is not there. Running services read it within seconds.", HelpName = "file" };

    /// <inheritdoc/>
    public override string Name => "keys new";

    /// <inheritdoc/>
    public override string Description => "Makes an API key, prints it once, and lists its hash. To end a key before its time, take its entry out of the list.";

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [User, ActAs, Scope, Expires, Label, File];

    /// <inheritdoc/>
    public override IReadOnlyList<Action<CommandResult>> Validators => [OneOwner];

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var actsAs = context.Get(ActAs);
        var scopes = context.Get(Scope)!.SelectMany(scope => scope.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Where(scope => scope != Scopes.ActAs);
        var key = ApiKey.New();
        var entry = new ApiKeyEntry
        {
            Id = $"key_{RandomNumberGenerator.GetHexString(12, lowercase: true)}",
            Name = context.Get(Label),
            Hash = key.Hash,
            UserId = actsAs ? null : context.Get(User),
            Scopes = [.. scopes.Concat(actsAs ? [Scopes.ActAs] : []).Distinct(StringComparer.Ordinal)],
            ExpiresAt = context.Get(Expires) is { } text ? EndOf(text) : null,
        };
        entry.ToGrant("The key");
        if (context.Get(File) is { } file)
        {
            ApiKeyFile.Append(file, entry);
            context.Complain($"{entry.Id} is listed in {file}. This is the key; it is not shown again:");
        }
        else
        {
            context.Complain("Its entry for Auth:ApiKeys, or for the list apiKeys of the file Auth:ApiKeysFile:");
            foreach (var line in ApiKeyFile.Write(entry).Split('\n')) context.Complain(line);
            context.Complain("This is the key; it is not shown again:");
        }

        // Last, so that nobody holds a key that is listed nowhere.
        context.Say(key.Text);
        await Task.CompletedTask;
        return true;
    }

    private static void OneOwner(CommandResult command)
    {
        var user = command.GetValue(User);
        if (command.GetValue(ActAs) == (user is not null)) command.AddError("Say whose key it is: --user <id>, or --act-as.");
        else if (user is not null && !UserId.TryParse(user, out _)) command.AddError("--user: a user ID has 1-128 characters of A-Z, a-z, 0-9 and ._@+=:|~-");
    }

    private DateTimeOffset EndOf(string text)
    {
        var now = clock.GetUtcNow();
        var end = text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 100_000 && text[^1] is 'd' or 'h'
            ? now + (text[^1] == 'd' ? TimeSpan.FromDays(int.Parse(text[..^1], CultureInfo.InvariantCulture)) : TimeSpan.FromHours(int.Parse(text[..^1], CultureInfo.InvariantCulture)))
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date
            : throw new CommandFailedException($"--expires {text} is neither a time such as 90d or 12h nor a date such as 2027-01-31.");
        return end > now ? new DateTimeOffset(end.Ticks - (end.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero) : throw new CommandFailedException($"--expires {text} has passed already.");
    }
}
