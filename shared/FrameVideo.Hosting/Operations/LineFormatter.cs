using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace FrameVideo.Hosting;

/// <summary>
/// One line for each message: time, level, category, text, then the IDs of the scope as <c>requestId=... videoId=... traceId=...</c>.
/// No text from outside forges a line, and none that opens something stands in it (<see cref="LogText"/>).
/// </summary>
public sealed class LineFormatter() : ConsoleFormatter(FormatterName)
{
    /// <summary>The formatter's name in configuration.</summary>
    public const string FormatterName = "framevideo";

    /// <summary>The scope's key for the request ID. Lower case, since ASP.NET's own scope has a RequestId that is another thing.</summary>
    public const string RequestIdKey = "requestId";

    /// <summary>The scope's key for the video ID.</summary>
    public const string VideoIdKey = "videoId";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        ArgumentNullException.ThrowIfNull(textWriter);
        var line = new StringBuilder(256);
#pragma warning disable RS0030 // A log line bears the machine's own time; nothing reads it back.
        line.Append(DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
#pragma warning restore RS0030
        line.Append(' ').Append(Level(logEntry.LogLevel)).Append(' ').Append(logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..]).Append(": ");
        LogText.Append(line, logEntry.Formatter(logEntry.State, logEntry.Exception));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        scopeProvider?.ForEachScope(
            (scope, state) =>
            {
                if (scope is not IEnumerable<KeyValuePair<string, object>> pairs) return;
                foreach (var (key, value) in pairs)
                {
                    if (key is not (RequestIdKey or VideoIdKey or "TraceId") || !state.seen.Add(key)) continue;
                    state.line.Append(' ').Append(char.ToLowerInvariant(key[0])).Append(key, 1, key.Length - 1).Append('=');
                    LogText.Append(state.line, value?.ToString());
                }
            },
            (line, seen));
        if (logEntry.Exception is { } exception)
        {
            line.Append(" | ");
            LogText.Append(line, exception.ToString());
        }

        textWriter.WriteLine(line);
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
