using Microsoft.Extensions.Configuration;

namespace FrameVideo.Hosting;

/// <summary>The AI services of the configuration, and who was chosen for what. What is wrong with a chosen one is told by <see cref="Faults(IEnumerable{ProviderUse})"/>; one that nobody chose may be half set up.</summary>
public sealed class ProviderSet
{
    /// <summary>The environment's key of OpenAI, by its own name: standing alone it makes provider <c>openai</c>.</summary>
    public const string OpenAIKey = "OPENAI_API_KEY";

    /// <summary>The environment's address of OpenAI's protocol, by its own name.</summary>
    public const string OpenAIUrl = "OPENAI_BASE_URL";

    /// <summary>The environment's key of Runway, by its own name: standing alone it makes provider <c>runway</c>, which a request or the configuration chooses.</summary>
    public const string RunwayKey = "RUNWAYML_API_SECRET";

    /// <summary>The form of a provider's name.</summary>
    public const string NamePattern = "^[a-z0-9][a-z0-9_-]{0,39}$";

    /// <summary>By name.</summary>
    public Dictionary<string, ProviderOptions> Providers { get; } = new(StringComparer.Ordinal);

    /// <summary>The names that were chosen, by the key that chooses, in order of preference.</summary>
    public Dictionary<string, IReadOnlyList<string>> Choices { get; } = new(StringComparer.Ordinal);

    /// <summary>Who was chosen for a use.</summary>
    public IReadOnlyList<string> ChosenFor(ProviderUse use)
    {
        ArgumentNullException.ThrowIfNull(use);
        return Choices.TryGetValue(use.Key, out var names) ? names : [use.Local];
    }

    /// <summary>Reads the configuration, the environment's own names included.</summary>
    public void Read(IConfiguration configuration, IEnumerable<ProviderUse> uses)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(uses);
        foreach (var section in configuration.GetSection(ProviderOptions.Section).GetChildren()) section.Bind(Of(section.Key.ToLowerInvariant()));
        if (Text(configuration, OpenAIKey) is { } openai) Of(ProviderKind.OpenAI).ApiKey ??= openai;
        if (Text(configuration, OpenAIUrl) is { } address && Providers.TryGetValue(ProviderKind.OpenAI, out var known)) known.Endpoint ??= new Uri(address, UriKind.RelativeOrAbsolute);
        if (Text(configuration, RunwayKey) is { } runway) Of(ProviderKind.Runway).ApiKey ??= runway;
        foreach (var (name, options) in Providers) ProviderDefaults.Fill(options, name);
        foreach (var use in uses)
        {
            var chosen = Text(configuration, use.Key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToList();
            Choices[use.Key] = chosen is { Count: > 0 } ? chosen : use.ChosenBy is { } key && Text(configuration, key) is not null ? [ProviderKind.OpenAI] : [use.Local];
        }
    }

    /// <summary>What keeps the service from starting, in sentences that name the setting. Never a key.</summary>
    public IEnumerable<string> Faults(IEnumerable<ProviderUse> uses)
    {
        ArgumentNullException.ThrowIfNull(uses);
        foreach (var (name, options) in Providers)
        {
            var at = $"{ProviderOptions.Section}:{name}";
            if (!System.Text.RegularExpressions.Regex.IsMatch(name, NamePattern, System.Text.RegularExpressions.RegexOptions.NonBacktracking)) yield return $"{at}: a provider's name is 1-40 characters of a-z, 0-9, - and _.";
            if (options.Kind is { } kind && !ProviderKind.All.Contains(kind, StringComparer.Ordinal)) yield return $"{at}:Kind is \"{kind}\"; it is {string.Join(" or ", ProviderKind.All)}.";
            if (options.Endpoint is { } endpoint && !(endpoint.IsAbsoluteUri && endpoint.Scheme is "http" or "https")) yield return $"{at}:Endpoint is no http or https address.";
            if (options.Concurrency is < 1 or > 64) yield return $"{at}:Concurrency is {options.Concurrency}; it is 1 to 64.";
            if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromMinutes(30)) yield return $"{at}:Timeout is {options.Timeout}; it is a second to 30 minutes.";
            if (options.MaxWait < TimeSpan.Zero || options.MaxWait > TimeSpan.FromHours(1)) yield return $"{at}:MaxWait is {options.MaxWait}; it is 0 to an hour.";
        }

        foreach (var use in uses)
        {
            foreach (var name in ChosenFor(use).Where(name => name != use.Local))
            {
                foreach (var fault in Faults(use, name)) yield return fault;
            }
        }
    }

    private IEnumerable<string> Faults(ProviderUse use, string name)
    {
        var at = $"{ProviderOptions.Section}:{name}";
        if (!Providers.TryGetValue(name, out var options))
        {
            // OpenAI without anything is OpenAI without its key.
            yield return name == ProviderKind.OpenAI
                ? $"{use.Key} chooses openai, and there is no key for it: set {OpenAIKey} or {at}:ApiKey."
                : $"{use.Key} chooses {name}, and there is no such provider: set {at}:Kind and :ApiKey, or choose among {string.Join(", ", Providers.Keys.Append(use.Local))}.";
            yield break;
        }

        if (options.Kind is null) yield return $"{use.Key} chooses {name}, and {at}:Kind is not set; it is {string.Join(" or ", use.Kinds)}.";
        else if (!use.Kinds.Contains(options.Kind, StringComparer.Ordinal)) yield return $"{use.Key} chooses {name}, which is of kind {options.Kind} and cannot do this.";
        else if (options.ApiKey is null) yield return $"{use.Key} chooses {name}, and there is no key for it: set {(name == ProviderKind.OpenAI ? OpenAIKey + " or " : name == ProviderKind.Runway ? RunwayKey + " or " : "")}{at}:ApiKey.";
        else if (options.Endpoint is null) yield return $"{use.Key} chooses {name}, and {at}:Endpoint is not set.";
        else if (use.Model(options) is null) yield return $"{use.Key} chooses {name} at {options.Endpoint}, and {at}:{use.ModelKey} does not say which model.";
    }

    private ProviderOptions Of(string name) => Providers.TryGetValue(name, out var known) ? known : Providers[name] = new ProviderOptions();

    private static string? Text(IConfiguration configuration, string key) => string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key]!.Trim();
}
