using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>A service's program: without a command it serves; with one it does what an operator asks for, and ends.</summary>
/// <param name="Name">The service's name, as in <c>FrameService.dll</c>.</param>
/// <param name="Description">One sentence for <c>--help</c>.</param>
/// <param name="Build">The service's one composition, from its command line.</param>
/// <param name="Commands">What operators can ask for.</param>
public sealed record ServiceProgram(
    string Name, string Description, Func<string[], Action<WebApplicationBuilder>?, WebApplication> Build, IReadOnlyList<OperatorCommand> Commands)
{
    /// <summary>The exit code of a command line that cannot be read.</summary>
    public const int BadUsage = 2;

    /// <summary>Runs the program to its end and answers its exit code: 0 done, 1 not done or not started, 2 bad usage.</summary>
    /// <param name="args">
    /// A command with its options, and configuration as <c>--Key:Sub=value</c>; without a command, the service's configuration alone.
    /// </param>
    /// <param name="output">Where a command's result goes; standard output by default.</param>
    /// <param name="errors">Where everything else goes; standard error by default.</param>
    public async Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? errors = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        output ??= Console.Out;
        errors ??= Console.Error;
        if (!IsCommandLine(args)) return await ServeAsync(args, errors);
        var parsed = ToCommand(output, errors).Parse(args);
        if (Complaint(parsed) is { } complaint)
        {
            await errors.WriteLineAsync($"{complaint} `dotnet {Name}.dll {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help` tells what there is.");
            return BadUsage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
    }

    private async Task<int> ServeAsync(string[] args, TextWriter errors)
    {
        WebApplication? app = null;
        try
        {
            app = Build(args, null);
            // Asked here, since the host would log what it refuses with a stack trace.
            app.Services.GetService<IStartupValidator>()?.Validate();
            using var hurry = new SecondSignal(app.Lifetime);
            await app.RunAsync();
            return 0;
        }
        catch (Exception refusal) when (app?.Lifetime.ApplicationStarted.IsCancellationRequested != true)
        {
            foreach (var sentence in Failures.Each(refusal)) await errors.WriteLineAsync($"{Name} does not start: {sentence}");
            return 1;
        }
        finally
        {
            if (app is not null) await app.DisposeAsync();
        }
    }

    /// <summary>Configuration may come before a command: a word that stands alone is one.</summary>
    private static bool IsCommandLine(string[] args)
    {
        if (args.Any(arg => arg is "--help" or "-h" or "-?" or "--version")) return true;
        var first = args.FirstOrDefault(arg => !(arg.StartsWith("--", StringComparison.Ordinal) && arg.Contains('=', StringComparison.Ordinal)));
        return first is { Length: > 0 } && first[0] is not ('-' or '/');
    }

    private RootCommand ToCommand(TextWriter output, TextWriter errors)
    {
        var root = new RootCommand($"{Description} Without a command it serves. Configuration is taken from the environment (Key__Sub=value) and as --Key:Sub=value, also by commands.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        foreach (var command in Commands)
        {
            // A name of two words is a command below another, such as `keys new`.
            var words = command.Name.Split(' ');
            var parser = new Command(words[^1], command.Description) { TreatUnmatchedTokensAsErrors = false };
            foreach (var option in command.Options) parser.Options.Add(option);
            foreach (var validator in command.Validators) parser.Validators.Add(validator);
            parser.SetAction((parsed, cancellationToken) => command.InvokeAsync(new CommandContext(this, parsed, [.. parsed.UnmatchedTokens], output, errors), cancellationToken));
            if (words.Length == 1) root.Subcommands.Add(parser);
            else root.Subcommands.Add(new Command(words[0], command.Description) { parser });
        }

        return root;
    }

    private static string? Complaint(ParseResult parsed)
    {
        // What the parser matched with nothing is configuration, or else a mistake.
        if (parsed.UnmatchedTokens.FirstOrDefault(token => !IsConfiguration(token)) is { } stray)
            return parsed.CommandResult.Command is RootCommand ? $"There is no command {stray}." : $"{stray} is no option of {parsed.CommandResult.Command.Name}.";
        return parsed.Errors.Count > 0 ? Sentence(parsed.Errors[0].Message) : null;
    }

    /// <summary>A key of a section, or one that stands alone; anything else with a value is an option misspelt.</summary>
    private static bool IsConfiguration(string token)
    {
        if (!token.StartsWith("--", StringComparison.Ordinal) || token.IndexOf('=', StringComparison.Ordinal) is not (> 2 and var end)) return false;
        var key = token[2..end];
        return key.Contains(':', StringComparison.Ordinal) || key.ToUpperInvariant() is "PUBLICURL" or "URLS" or "ENVIRONMENT" or "PARENTWATCH" or "HTTP_PORTS" or "HTTPS_PORTS";
    }

    private static string Sentence(string message) => message.EndsWith('.') ? message : message + ".";
}
