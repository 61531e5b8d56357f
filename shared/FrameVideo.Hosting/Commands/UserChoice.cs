using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using FrameVideo.Contracts;
using FrameVideo.Storage;

namespace FrameVideo.Hosting;

/// <summary>The options that say whose objects a command works on.</summary>
public static class UserChoice
{
    /// <summary>One user.</summary>
    public static readonly Option<UserId> User = new("--user")
    {
        Description = "One user, by ID.",
        HelpName = "id",
        CustomParser = static result =>
        {
            if (UserId.TryParse(result.Tokens[0].Value, out var user)) return user;
            result.AddError($"{result.Tokens[0].Value} is no user ID: 1-128 characters of A-Z, a-z, 0-9 and ._@+=:|~-");
            return default;
        },
    };

    /// <summary>Everybody.</summary>
    public static readonly Option<bool> All = new("--all") { Description = "Everybody of whom anything lies in the object store." };

    /// <summary>Nothing is changed.</summary>
    public static readonly Option<bool> DryRun = new("--dry-run") { Description = "Says what would be done, and does nothing." };

    /// <summary>One user or everybody has to be asked for.</summary>
    public static void RequireOne(CommandResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.GetResult(User) is null == result.GetResult(All) is null) result.AddError("Say --user <id> or --all.");
    }

    /// <summary>The chosen users, in ordinal order.</summary>
    public static async IAsyncEnumerable<UserId> UsersAsync(CommandContext context, IObjectStore store, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(store);
        if (context.Get(User) is { IsEmpty: false } one)
        {
            yield return one;
            yield break;
        }

        await foreach (var user in store.ListUsersAsync(cancellationToken))
        {
            if (user != StoreCheck.Nobody) yield return user;
        }
    }
}
