using System.Text.Json.Serialization;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>What a look at one part of the configuration found.</summary>
/// <param name="Result">Whether the service will do with it.</param>
/// <param name="Subject">The part, in a word or two.</param>
/// <param name="Detail">What was found; where it is not right, what to do. Never a secret.</param>
public sealed record Finding(FindingResult Result, string Subject, string Detail)
{
    /// <summary>As it should be.</summary>
    public static Finding Ok(string subject, string detail) => new(FindingResult.Ok, subject, detail);

    /// <summary>It will run, and somebody should look.</summary>
    public static Finding Warning(string subject, string detail) => new(FindingResult.Warning, subject, detail);

    /// <summary>It will not run, or not do its work.</summary>
    public static Finding Failed(string subject, string detail) => new(FindingResult.Failed, subject, detail);

    /// <summary>One line that can be searched for its first word.</summary>
    public override string ToString() => $"{(Result switch { FindingResult.Ok => "ok", FindingResult.Warning => "warning", _ => "FAILED" }),-8}{Subject + ":",-18} {Detail}";
}

/// <summary>How a finding is to be read.</summary>
[JsonConverter(typeof(SnakeCaseConverter<FindingResult>))]
public enum FindingResult
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It will run, and somebody should look.</summary>
    Warning,

    /// <summary>It will not run, or not do its work.</summary>
    Failed,
}

/// <summary>Looks at one part of the configuration by trying it.</summary>
public interface IConfigurationCheck
{
    /// <summary>The part, in a word or two.</summary>
    string Subject { get; }

    /// <summary>Tries it. An exception is a failure in its own words.</summary>
    IAsyncEnumerable<Finding> RunAsync(CommandContext context, IServiceProvider services, CancellationToken cancellationToken);
}
