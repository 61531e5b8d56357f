using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;

namespace FrameVideo.Hosting;

/// <summary>The keys in force. A list takes the place of the former one whole, or not at all.</summary>
internal sealed class ApiKeyRing
{
    private readonly IConfiguration _configuration;
    private volatile FrozenDictionary<string, ApiKeyGrant> _grants;

    /// <summary>Reads the keys that the configuration names.</summary>
    /// <exception cref="InvalidDataException">The list is broken; the message says where.</exception>
    public ApiKeyRing(IConfiguration configuration)
    {
        _configuration = configuration;
        var options = AuthOptions.Read(configuration);
        ReloadPeriod = options.ReloadPeriod;
        _grants = Check(Entries(options), "Auth:ApiKeys");
    }

    /// <summary>How often to call <see cref="Reload"/>.</summary>
    public TimeSpan ReloadPeriod { get; }

    /// <summary>How many keys there are.</summary>
    public int Count => _grants.Count;

    /// <summary>Why the last attempt to read them anew has failed; null where it has not.</summary>
    public string? Trouble { get; private set; }

    /// <summary>
    /// What a key allows; null where there is no such key. The look-up goes by the key's SHA-256. That its time depends on the hash tells a stranger nothing: to steer towards
    /// a hash of the list he would have to find texts by their SHA-256, and a part of a hash brings nobody nearer to the key.
    /// </summary>
    public ApiKeyGrant? Find(ApiKey key) => _grants.GetValueOrDefault(key.Hash);

    /// <summary>Reads the keys anew; whether they have changed. Where the list is broken, <see cref="Trouble"/> says so and the former keys stay in force.</summary>
    public bool Reload()
    {
        try
        {
            var grants = Check(Entries(AuthOptions.Read(_configuration)), "Auth:ApiKeys");
            Trouble = null;
            if (AreSame(grants, _grants)) return false;
            _grants = grants;
            return true;
        }
        catch (InvalidDataException broken)
        {
            Trouble = broken.Message;
            return false;
        }
    }

    /// <summary>Checks a list as a whole.</summary>
    /// <exception cref="InvalidDataException">An entry is wrong, or two are one.</exception>
    public static FrozenDictionary<string, ApiKeyGrant> Check(IReadOnlyList<ApiKeyEntry> entries, string place)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var grants = new Dictionary<string, ApiKeyGrant>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++)
        {
            var grant = entries[i].ToGrant($"{place}, entry {i + 1}");
            if (!ids.Add(grant.Id)) throw new InvalidDataException($"{place}: two keys have the id '{grant.Id}'.");
            if (!grants.TryAdd(entries[i].Hash, grant)) throw new InvalidDataException($"{place}: '{grant.Id}' has the hash of another entry.");
        }

        return grants.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static IReadOnlyList<ApiKeyEntry> Entries(AuthOptions options) =>
        options.ApiKeysFile is { Length: > 0 } file ? [.. options.ApiKeys, .. ApiKeyFile.Read(file)] : [.. options.ApiKeys];

    private static bool AreSame(FrozenDictionary<string, ApiKeyGrant> one, FrozenDictionary<string, ApiKeyGrant> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var same)
            && pair.Value with { Scopes = same.Scopes } == same && pair.Value.Scopes.SetEquals(same.Scopes));
}
