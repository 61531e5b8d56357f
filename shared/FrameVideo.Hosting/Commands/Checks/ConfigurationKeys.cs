using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace FrameVideo.Hosting;

/// <summary>The keys that a service reads, so that one that nobody reads is told: most often it is a misspelt one.</summary>
public sealed class ConfigurationKeys
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds keys; what lies below one is known with it.</summary>
    public ConfigurationKeys Add(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys) _known.Add(key);
        return this;
    }

    /// <summary>Adds a section whose values bind to the settable properties of an options class.</summary>
    public ConfigurationKeys Add<TOptions>(string section)
    {
        foreach (var property in typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)) _known.Add($"{section}:{property.Name}");
        return this;
    }

    /// <summary>Every key.</summary>
    public IReadOnlyCollection<string> All => _known;

    /// <summary>Whether somebody reads the key. A known one may have a part that is an operator's own, such as <c>Providers:&lt;name&gt;:Kind</c>.</summary>
    public bool Knows(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _known.Contains(key) || _known.Any(known => key.StartsWith(known + ":", StringComparison.OrdinalIgnoreCase) || (known.Contains('<', StringComparison.Ordinal) && IsOf(known.Split(':'), key.Split(':'))));
    }

    /// <summary>Keys with a value in the sections that the service reads, that nobody reads; beside each the known one that is spelt most like it.</summary>
    public IEnumerable<(string Name, string? Nearest)> Unknown(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var sections = _known.Where(key => key.Contains(':', StringComparison.Ordinal)).Select(key => key.Split(':')[0]).Distinct(StringComparer.OrdinalIgnoreCase);
        return sections.SelectMany(section => Leaves(configuration.GetSection(section))).Where(key => !Knows(key)).Order(StringComparer.Ordinal).Select(key => (key, Spelling.Nearest(key, _known)));
    }

    private static IEnumerable<string> Leaves(IConfigurationSection section) =>
        section.GetChildren().SelectMany(child => child.GetChildren().Any() ? Leaves(child) : [child.Path]);

    private static bool IsOf(string[] known, string[] key) =>
        known.Length <= key.Length && known.Zip(key).All(pair => pair.First[0] == '<' || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));
}
