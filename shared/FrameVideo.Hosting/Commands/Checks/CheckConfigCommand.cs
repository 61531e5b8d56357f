using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Tries everything that an operator can get wrong, and says of each whether it is right, in one line.</summary>
/// <param name="keys">The configuration keys that the service reads.</param>
/// <param name="checks">What is tried beside the options themselves, in order.</param>
public sealed class CheckConfigCommand(ConfigurationKeys keys, IReadOnlyList<IConfigurationCheck> checks) : OperatorCommand
{
    /// <inheritdoc/>
    public override string Name => "check-config";

    /// <inheritdoc/>
    public override string Description => "Tries the configuration: options, database, object store, keys, addresses. One line each: ok, warning or FAILED with what to do.";

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [CommandContext.Json];

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        void Add(Finding finding)
        {
            findings.Add(finding);
            context.Say(finding.ToString());
        }

        foreach (var key in keys.Unknown(context.Settings)) Add(Finding.Warning("unknown key", $"{key.Name} is read by nobody{(key.Nearest is { } near ? $"; is {near} meant?" : ".")}"));
        if (Composed(context, Add) is { } services)
        {
            Validate(services, Add);
            foreach (var check in checks) await TryAsync(check, context, services, Add, cancellationToken);
        }

        var (failed, warnings) = (findings.Count(finding => finding.Result == FindingResult.Failed), findings.Count(finding => finding.Result == FindingResult.Warning));
        context.Say($"{findings.Count - failed - warnings} ok, {warnings} warnings, {failed} failed");
        context.Report(new { service = context.Program.Name, ok = failed == 0, findings });
        return failed == 0;
    }

    /// <summary>The composition; null where there is none. One that only its addresses keep from starting is checked on.</summary>
    private static IServiceProvider? Composed(CommandContext context, Action<Finding> add)
    {
        try
        {
            var services = context.ComposeUnvalidated([]);
            add(Finding.Ok("addresses", $"listens on {context.Settings["urls"] ?? "http://localhost:5000"}; links begin with {context.Settings["PublicUrl"] ?? "that"}"));
            return services;
        }
        catch (Exception first)
        {
            try
            {
                var services = context.ComposeUnvalidated(context.NoListener);
                add(Finding.Failed("addresses", Failures.Sentence(first)));
                return services;
            }
            catch (Exception second)
            {
                add(Finding.Failed("options", $"{Failures.Sentence(second)} Nothing else can be tried before this is right."));
                return null;
            }
        }
    }

    private static void Validate(IServiceProvider services, Action<Finding> add)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            add(Finding.Ok("options", "every value is within its range"));
        }
        catch (Exception exception) when (exception is OptionsValidationException or AggregateException)
        {
            foreach (var failure in Failures.Each(exception)) add(Finding.Failed("options", failure));
        }
    }

    private static async Task TryAsync(IConfigurationCheck check, CommandContext context, IServiceProvider services, Action<Finding> add, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var finding in check.RunAsync(context, services, cancellationToken)) add(finding);
        }
        catch (OptionsValidationException)
        {
            // Told above, in its own line; what it is about cannot be tried.
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            add(Finding.Failed(check.Subject, Failures.Sentence(exception)));
        }
    }
}
