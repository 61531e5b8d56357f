using System.CommandLine;
using System.CommandLine.Parsing;

namespace FrameVideo.Hosting;

/// <summary>Something that an operator asks a service's program for, in place of serving.</summary>
public abstract class OperatorCommand
{
    /// <summary>The word on the command line, or two of them with a space.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, for <c>--help</c>.</summary>
    public abstract string Description { get; }

    /// <summary>Its own options; configuration is not among them.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>What options have to hold together.</summary>
    public virtual IReadOnlyList<Action<CommandResult>> Validators => [];

    /// <summary>Does it; answers whether it is done. What is not done is told in <paramref name="context"/>, or by an exception whose message is a sentence for people.</summary>
    protected abstract Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken);

    /// <summary>Does it, and puts what went wrong into one sentence.</summary>
    internal async Task<int> InvokeAsync(CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(context, cancellationToken) ? 0 : 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            context.Complain($"{Name}: stopped. What was done stays, and the same command goes on with the rest.");
            return 1;
        }
        catch (Exception exception)
        {
            context.Complain($"{Name}: {Failures.Sentence(exception)}");
            return 1;
        }
        finally
        {
            await context.DisposeAsync();
        }
    }
}
