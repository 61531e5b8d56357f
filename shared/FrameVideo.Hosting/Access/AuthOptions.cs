using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace FrameVideo.Hosting;

/// <summary>Who may call. Section <c>Auth</c>; where it is empty, a service listens on loopback alone and takes its caller's word.</summary>
public sealed class AuthOptions
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Auth";

    /// <summary>Keys by their hashes; default none. Read again with <see cref="ApiKeysFile"/> where the configuration changes under way.</summary>
    public IList<ApiKeyEntry> ApiKeys { get; init; } = [];

    /// <summary>
    /// A JSON file, <c>{"apiKeys": [{"id", "name", "hash", "userId", "scopes", "expiresAt"}]}</c>, which the command <c>keys new --append</c> writes. Default none. A file that is not
    /// there or cannot be read refuses the start; under way, the keys that were read last stay in force.
    /// </summary>
    public string? ApiKeysFile { get; set; }

    /// <summary>Identity providers whose access tokens (JWT) count, too; default none. Read at the start alone.</summary>
    public IList<JwtIssuerOptions> Jwt { get; init; } = [];

    /// <summary>How often it is looked whether keys have changed, and so how long a key that was taken out still works: 0.1 s to 1 h, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan ReloadPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether anything says who may call.</summary>
    public static bool IsConfigured(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(Section);
        return section.GetSection(nameof(ApiKeys)).GetChildren().Any() || section.GetSection(nameof(Jwt)).GetChildren().Any() || section[nameof(ApiKeysFile)] is { Length: > 0 };
    }

    /// <summary>Reads the section. A name that it does not have is a mistake that nobody should find out by an open door.</summary>
    /// <exception cref="InvalidDataException">Something is not known, or no value of its kind.</exception>
    internal static AuthOptions Read(IConfiguration configuration)
    {
        try
        {
            var options = configuration.GetSection(Section).Get<AuthOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new AuthOptions();
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
            CheckIssuers(options.Jwt);
            return options;
        }
        catch (Exception mistake) when (mistake is InvalidOperationException or ValidationException)
        {
            throw new InvalidDataException($"The configuration section {Section}: {mistake.InnerException?.Message ?? mistake.Message}", mistake);
        }
    }

    private static void CheckIssuers(IList<JwtIssuerOptions> issuers)
    {
        for (var i = 0; i < issuers.Count; i++)
        {
            var place = $"{Section}:{nameof(Jwt)}:{i}";
            Validator.ValidateObject(issuers[i], new ValidationContext(issuers[i]), validateAllProperties: true);
            issuers[i].Check(place);
            if (issuers.Take(i).Any(other => other.Issuer == issuers[i].Issuer)) throw new InvalidDataException($"{place}: {issuers[i].Issuer} is listed twice.");
            if (issuers.Count > 1 && issuers[i].UserPrefix is null)
                throw new InvalidDataException($"{place}: where there are several issuers, each says its UserPrefix, be it empty: without it, whoever has a name at one would be the user of that name at the other.");
        }
    }
}
