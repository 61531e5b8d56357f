using System.CommandLine;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>What a command works with: its options, the service's composition, and where its lines go.</summary>
/// <param name="program">The service's program.</param>
/// <param name="parsed">The command line.</param>
/// <param name="configuration">The part of it that is configuration.</param>
/// <param name="output">Where the result goes.</param>
/// <param name="errors">Where the rest goes.</param>
public sealed class CommandContext(ServiceProgram program, ParseResult parsed, string[] configuration, TextWriter output, TextWriter errors) : IAsyncDisposable
{
    /// <summary>Asks for the result as one JSON document.</summary>
    public static readonly Option<bool> Json = new("--json") { Description = "The report as one JSON document on standard output; lines for people go to standard error." };

    private static readonly JsonSerializerOptions Indented = new(WireJson.Options) { WriteIndented = true };
    private readonly List<WebApplication> _composed = [];
    private IConfiguration? _settings;

    /// <summary>The service's program.</summary>
    public ServiceProgram Program => program;

    /// <summary>The configuration as the service would read it.</summary>
    public IConfiguration Settings => _settings ??= WebApplication.CreateBuilder(configuration).Configuration;

    /// <summary>The value of an option.</summary>
    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>
    /// The service's own composition with its options validated and its schema brought up to date as the service does it, but nothing started: no listener, no scheduler, no loops. Logs go to standard error, from warnings up where
    /// <c>Logging:LogLevel:Default</c> does not say otherwise.
    /// </summary>
    /// <exception cref="OptionsValidationException">An option is out of range.</exception>
    /// <exception cref="CommandFailedException">The schema is behind, and <c>Database:MigrateAtStart</c> is false.</exception>
    public async Task<IServiceProvider> ComposeAsync(CancellationToken cancellationToken)
    {
        var services = Compose();
        var schema = services.GetRequiredService<DatabaseSchema>();
        if (services.GetRequiredService<DatabaseOptions>().MigrateAtStart) await schema.MigrateAsync(cancellationToken);
        else if (await schema.PendingAsync(cancellationToken) is { Count: > 0 } pending) throw new CommandFailedException($"the database's schema is {pending.Count} scripts behind; run `migrate` first.");
        return services;
    }

    /// <summary>As <see cref="ComposeAsync"/>, with the schema as it is: nobody gets a connection.</summary>
    internal IServiceProvider Compose()
    {
        var services = ComposeUnvalidated(NoListener);
        services.GetService<IStartupValidator>()?.Validate();
        return services;
    }

    /// <summary>As <see cref="ComposeAsync"/>, with the service's own addresses unless <paramref name="settings"/> say otherwise, and not validated.</summary>
    internal IServiceProvider ComposeUnvalidated(string[] settings) => ComposeApp(settings).Services;

    /// <summary>The app itself, for what is told by its routes alone.</summary>
    internal WebApplication ComposeApp() => ComposeApp(NoListener);

    private WebApplication ComposeApp(string[] settings)
    {
        var app = program.Build([.. configuration, .. settings, "--ParentWatch=false"], builder =>
        {
            builder.Configuration["Logging:LogLevel:Default"] ??= "Warning";
            builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        });
        _composed.Add(app);
        return app;
    }

    /// <summary>A command listens nowhere, so where the service listens is no reason to refuse it. Links go on beginning with the service's address.</summary>
    internal string[] NoListener =>
    [
        $"--PublicUrl={Settings["PublicUrl"] ?? Settings["urls"]?.Split(';')[0] ?? "http://127.0.0.1:8080"}", "--urls=http://127.0.0.1:0", "--http_ports=", "--https_ports=",
    ];

    /// <summary>A line for people. What comes from outside forges no line and no colour.</summary>
    public void Say(string line) => (Get(Json) ? errors : output).WriteLine(Plain(line));

    /// <summary>The result itself, as it is.</summary>
    internal void Write(string text) => output.Write(text);

    /// <summary>A line about what is wrong.</summary>
    public void Complain(string line) => errors.WriteLine(Plain(line));

    /// <summary>The result for programs, where it was asked for.</summary>
    public void Report<T>(T report)
    {
        if (Get(Json)) output.WriteLine(JsonSerializer.Serialize(report, Indented));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var app in _composed) await app.DisposeAsync();
        _composed.Clear();
    }

    private static string Plain(string line) => line.Any(char.IsControl) ? string.Concat(line.Select(c => char.IsControl(c) ? '?' : c)) : line;
}
