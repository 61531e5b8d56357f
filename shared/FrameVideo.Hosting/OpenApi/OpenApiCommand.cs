using System.CommandLine;
using Microsoft.OpenApi;

namespace FrameVideo.Hosting;

/// <summary>Writes the service's OpenAPI document, without a database, a store or a port.</summary>
public sealed class OpenApiCommand : OperatorCommand
{
    private static readonly Option<string?> Output = new("--output") { Description = "The file to write; standard output by default." };

    private static readonly Option<string> Version = new("--openapi") { Description = "3.1, or 3.0 for tools that read nothing newer.", DefaultValueFactory = _ => "3.1" };

    /// <inheritdoc/>
    public override string Name => "openapi";

    /// <inheritdoc/>
    public override string Description => "Writes the OpenAPI document, the same under every configuration. services/<Service>/openapi.json is what it writes.";

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [Output, Version];

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var version = context.Get(Version) switch
        {
            "3.1" => OpenApiSpecVersion.OpenApi3_1,
            "3.0" => OpenApiSpecVersion.OpenApi3_0,
            var other => throw new CommandFailedException($"there is no document of version {other}: 3.1 or 3.0."),
        };
        var text = await OpenApiText.OfAsync(context.ComposeApp(), version);
        if (context.Get(Output) is not { } file)
        {
            context.Write(text);
            return true;
        }

        await File.WriteAllTextAsync(file, text, cancellationToken);
        context.Say($"written: {file}");
        return true;
    }
}
