using System.Data.Common;
using FrameVideo.Storage;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>A command cannot be done, for a reason that the message says in a sentence.</summary>
public sealed class CommandFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Puts what goes wrong into sentences for the person at the terminal; no stack traces, no secrets.</summary>
public static class Failures
{
    /// <summary>One line.</summary>
    public static string Sentence(Exception exception) => exception switch
    {
        CommandFailedException or ProblemException => exception.Message,
        OptionsValidationException options => string.Join(" ", options.Failures.Select(failure => Ended(Readable(failure)))),
        AggregateException several => string.Join(" ", several.InnerExceptions.Select(Sentence)),
        ObjectStoreUnavailableException => $"The object store does not answer. {exception.Message}",
        ObjectStoreForbiddenException => $"The object store refuses this. {exception.Message}",
        ObjectStoreException => exception.Message,
        DbException => $"The database: {Ended(exception.Message)}",
        // What a composition or its options refuse is said in a sentence of ours.
        InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException or FormatException => Ended(exception.Message),
        _ => $"{exception.GetType().Name}: {Ended(exception.Message)}",
    };

    /// <summary>Every failure of validated options, one each.</summary>
    public static IEnumerable<string> Each(Exception exception) => exception switch
    {
        OptionsValidationException options => options.Failures.Select(failure => Ended(Readable(failure))),
        AggregateException several => several.InnerExceptions.SelectMany(Each),
        _ => [Sentence(exception)],
    };

    /// <summary>The framework's own words around a failed annotation say nothing to an operator.</summary>
    private static string Readable(string failure)
    {
        const string Marker = "with the error: '";
        const string Type = "DataAnnotation validation failed for '";
        var at = failure.IndexOf(Marker, StringComparison.Ordinal);
        if (at < 0 || !failure.StartsWith(Type, StringComparison.Ordinal)) return failure;
        return $"{failure[Type.Length..failure.IndexOf('\'', Type.Length)]}: {failure[(at + Marker.Length)..].TrimEnd('.').TrimEnd('\'')}";
    }

    private static string Ended(string message)
    {
        var line = message.ReplaceLineEndings(" ").Trim();
        return line.Length == 0 || line[^1] is '.' or '!' or '?' ? line : line + ".";
    }
}
