using Microsoft.Extensions.Configuration;

namespace FrameVideo.Hosting;

/// <summary>The pages that may call from a browser although they come from elsewhere. Section <c>Cors</c>.</summary>
public sealed class CorsOrigins
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Cors";

    /// <summary>
    /// Exact origins, <c>scheme://host[:port]</c> as browsers write them; default none. Credentials in the browser's sense, cookies that is, are never allowed: keys and tokens travel in headers,
    /// so a listed page can do what it has a key for. Where no authentication is configured, it can do everything.
    /// </summary>
    public IList<string> Origins { get; init; } = [];

    /// <summary>Whether any page is listed.</summary>
    public static bool AreListed(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return ListOf(configuration).GetChildren().Any();
    }

    /// <summary>What is wrong with the list, a sentence for each entry.</summary>
    public static IEnumerable<string> Mistakes(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var list = ListOf(configuration);
        // A single value would bind to nothing, without a word.
        if (list.Value is { Length: > 0 } one) yield return $"Cors:Origins is a list, so '{one}' is set by Cors__Origins__0 (--Cors:Origins:0).";
        foreach (var entry in list.GetChildren())
        {
            if (Mistake(entry.Value ?? "") is { } mistake) yield return $"{entry.Path} is '{entry.Value}'. {mistake}";
        }
    }

    /// <summary>Whether a page of this origin is listed.</summary>
    public bool Allows(string? origin) => origin is not null && Origins.Contains(origin, StringComparer.Ordinal);

    private static IConfigurationSection ListOf(IConfiguration configuration) => configuration.GetSection(Section).GetSection(nameof(Origins));

    private static string? Mistake(string text)
    {
        if (text.Contains('*', StringComparison.Ordinal)) return "There are no wildcards: each origin is named, such as https://app.example.org.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0) return "An origin is scheme://host[:port], such as https://app.example.org.";
        var host = url.HostNameType == UriHostNameType.Dns ? url.IdnHost : url.Host;
        var origin = url.IsDefaultPort ? $"{url.Scheme}://{host}" : $"{url.Scheme}://{host}:{url.Port}";
        return text == origin ? null : $"Browsers call that origin {origin}, without a path and without a slash at its end; write it so.";
    }
}
