using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FrameVideo.Hosting;

/// <summary>
/// How a service is, as JSON. Whoever can reach it may ask, so what is wrong in detail, which names hosts, buckets and folders, is told on one's own machine alone, where nobody else can; elsewhere it stands in the log.
/// </summary>
internal static class HealthAnswer
{
    private const string InTheLog = "The service's log says what is wrong.";

    /// <summary>Writes it.</summary>
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var isOwnMachine = !AuthOptions.IsConfigured(context.RequestServices.GetRequiredService<IConfiguration>());
        return context.Response.WriteAsJsonAsync(new
        {
            status = Word(report.Status),
            checks = report.Entries.ToDictionary(entry => entry.Key, entry => Word(entry.Value.Status), StringComparer.Ordinal),
            problems = report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
                .ToDictionary(entry => entry.Key, entry => isOwnMachine && entry.Value.Description is { Length: > 0 } sentence ? sentence : InTheLog, StringComparer.Ordinal),
        });
    }

    private static string Word(HealthStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}
