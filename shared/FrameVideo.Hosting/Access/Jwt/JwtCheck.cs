using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace FrameVideo.Hosting;

/// <summary>Whether each identity provider answers, is the one that its tokens will name, and has keys.</summary>
public sealed class JwtCheck : IConfigurationCheck
{
    /// <inheritdoc/>
    public string Subject => "identity provider";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(CommandContext context, IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var options in AuthOptions.Read(context.Settings).Jwt)
        {
            using var keys = new IssuerKeys(options, TimeProvider.System, NullLogger.Instance);
            await keys.RefreshAsync().WaitAsync(cancellationToken);
            yield return keys.Trouble is { } trouble
                ? Finding.Failed(Subject, $"{options.Issuer} {trouble}. Is Auth:Jwt right, and can this machine reach it?")
                : Finding.Ok(Subject, $"{options.Issuer} answers and has {keys.Count} keys");
        }
    }
}
