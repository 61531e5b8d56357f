using System.Text.RegularExpressions;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>One key as configuration lists it. The key itself stands nowhere.</summary>
public sealed partial record ApiKeyEntry
{
    /// <summary>How operators call it, in logs too: 1-64 characters of <c>[A-Za-z0-9._-]</c>, one of its kind.</summary>
    public string Id { get; init; } = "";

    /// <summary>What it is for; for people alone.</summary>
    public string? Name { get; init; }

    /// <summary><see cref="ApiKey.Hash"/>.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Whose key it is. Absent with scope <c>users:act-as</c>, and with no other.</summary>
    public string? UserId { get; init; }

    /// <summary>One or more of <see cref="Scopes"/>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>From this instant on it is worth nothing; absent: it never ends by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Checks the entry.</summary>
    /// <exception cref="InvalidDataException">Something about it is wrong; the message says what, and names the entry.</exception>
    internal ApiKeyGrant ToGrant(string place)
    {
        if (!IdForm().IsMatch(Id)) throw new InvalidDataException($"{place}: id is 1-64 characters of A-Z, a-z, 0-9 and ._-");
        var named = $"{place} ({Id})";
        if (!HashForm().IsMatch(Hash)) throw new InvalidDataException($"{named}: hash is sha256: and 64 lower-case hex digits; the command 'keys new' prints it.");
        if (Scopes.Count == 0) throw new InvalidDataException($"{named}: a key without scopes can do nothing; there are {string.Join(", ", Hosting.Scopes.All.Order(StringComparer.Ordinal))}.");
        if (Scopes.FirstOrDefault(scope => !Hosting.Scopes.All.Contains(scope)) is { } unknown)
            throw new InvalidDataException($"{named}: there is no scope '{unknown}'; there are {string.Join(", ", Hosting.Scopes.All.Order(StringComparer.Ordinal))}.");
        var scopes = Scopes.ToHashSet(StringComparer.Ordinal);
        if (scopes.Contains(Hosting.Scopes.ActAs))
        {
            if (!string.IsNullOrEmpty(UserId)) throw new InvalidDataException($"{named}: a key with {Hosting.Scopes.ActAs} has no userId; each request names one.");
            return new ApiKeyGrant(Id, null, scopes, ExpiresAt);
        }

        if (!Contracts.UserId.TryParse(UserId, out var user)) throw new InvalidDataException($"{named}: userId is 1-128 characters of A-Z, a-z, 0-9 and ._@+=:|~-");
        return new ApiKeyGrant(Id, user, scopes, ExpiresAt);
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdForm();

    [GeneratedRegex("^sha256:[0-9a-f]{64}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HashForm();
}

/// <summary>What the holder of a key may do.</summary>
/// <param name="Id">The entry's.</param>
/// <param name="UserId">Whose it is; null where each request names the user.</param>
/// <param name="Scopes">What is allowed.</param>
/// <param name="ExpiresAt">From when on nothing is.</param>
internal sealed record ApiKeyGrant(string Id, UserId? UserId, IReadOnlySet<string> Scopes, DateTimeOffset? ExpiresAt) : Grant(UserId, Scopes, ExpiresAt);
