using System.Buffers;
using System.Buffers.Text;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>
/// A JWT as it was shown, read strictly: three parts in their one base64url text, header and claims with no name twice, and of the kinds that the standards give them. Whatever two readers could
/// understand in two ways is none. Nothing is verified yet.
/// </summary>
internal sealed class JwtText
{
    /// <summary>All that a token may be signed with: what the holder of a public key cannot forge.</summary>
    public static readonly FrozenSet<string> Algorithms = FrozenSet.ToFrozenSet(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"], StringComparer.Ordinal);

    /// <summary>Longer ones than this hold more than one needs to know of a user; headers of 32 KiB are all that a request can have.</summary>
    private const int MaxLength = 16 * 1024;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private JwtText(string text, JsonElement header, JsonElement claims) =>
        (Text, Claims, Algorithm, KeyId, Issuer, IsAccessToken) =
            (text, claims, StringOf(header, "alg") ?? "", StringOf(header, "kid"), StringOf(claims, "iss") ?? "", StringOf(header, "typ")?.EndsWith("at+jwt", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>The whole.</summary>
    public string Text { get; }

    /// <summary>What it claims.</summary>
    public JsonElement Claims { get; }

    /// <summary>What it says it is signed with.</summary>
    public string Algorithm { get; }

    /// <summary>The key that it names.</summary>
    public string? KeyId { get; }

    /// <summary>Who it says has made it.</summary>
    public string Issuer { get; }

    /// <summary>Whether its header says that it is an access token (RFC 9068). Few do.</summary>
    public bool IsAccessToken { get; }

    /// <summary>Reads a token.</summary>
    /// <exception cref="ProblemException">invalid-access-token.</exception>
    public static JwtText Parse(string text)
    {
        if (text.Length > MaxLength) throw Refused($"An access token has at most {MaxLength} characters.");
        var (header, claims) = Split(text);
        // A header that has to be understood and is not (RFC 7515, section 4.1.11); there is none that is.
        if (header.TryGetProperty("crit", out _)) throw Refused("The token's header asks for more than is understood here (crit).");
        if (header.TryGetProperty("typ", out var type) && !(type.ValueKind == JsonValueKind.String && IsType(type.GetString()!))) throw Refused("The token's typ is not that of an access token.");
        return new JwtText(text, header, claims);
    }

    /// <summary>A claim that is text; null where it is not there.</summary>
    /// <exception cref="ProblemException">It is there, and of another kind.</exception>
    public string? StringOf(string claim) => StringOf(Claims, claim);

    /// <summary>A claim that is text, or a list of texts; empty where it is not there.</summary>
    /// <exception cref="ProblemException">It is there, and of another kind.</exception>
    public IReadOnlyList<string> StringsOf(string claim)
    {
        if (!Claims.TryGetProperty(claim, out var value)) return [];
        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => [.. value.EnumerateArray().Select(item => item.GetString()!)],
            _ => throw Refused($"The token's {claim} is neither text nor a list of texts."),
        };
    }

    /// <summary>A claim that is a moment; null where it is not there.</summary>
    /// <exception cref="ProblemException">It is there, and no number of seconds of our time.</exception>
    public DateTimeOffset? TimeOf(string claim)
    {
        if (!Claims.TryGetProperty(claim, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : throw Refused($"The token's {claim} is no number of seconds.");
    }

    /// <summary>The refusal of a token.</summary>
    public static ProblemException Refused(string reason, Exception? inner = null) => new(ErrorCodes.InvalidAccessToken, reason, inner: inner);

    private static (JsonElement Header, JsonElement Claims) Split(string text)
    {
        try
        {
            return text.Split('.', 4) is [var head, var body, { Length: > 0 } signature] && Decode(signature).Length > 0
                ? (ObjectOf(head), ObjectOf(body))
                : throw new FormatException("Not three parts.");
        }
        catch (Exception mistake) when (mistake is FormatException or JsonException or ArgumentException or InvalidOperationException)
        {
            throw Refused("This is no signed JWT: three parts of base64url with dots between them, the first two JSON objects that name nothing twice. Was it copied whole?", mistake);
        }
    }

    private static bool IsType(string type) => type.Equals("JWT", StringComparison.OrdinalIgnoreCase) || type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase) || type.Equals("application/at+jwt", StringComparison.OrdinalIgnoreCase);

    private static string? StringOf(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Refused($"The token's {name} is no text.");

    /// <summary>Reads base64url as RFC 7515 has it, in its one form: the last character has bits that do not count.</summary>
    private static byte[] Decode(string part)
    {
        if (part.Length % 4 == 1 || part.AsSpan().ContainsAnyExcept(Alphabet)) throw new FormatException("Not the alphabet.");
        var bytes = Base64Url.DecodeFromChars(part);
        return Base64Url.EncodeToString(bytes) == part ? bytes : throw new FormatException("Not the one form.");
    }

    private static JsonElement ObjectOf(string part)
    {
        var root = JsonElement.Parse(Utf8.GetString(Decode(part)), Strict);
        if (root.ValueKind != JsonValueKind.Object) throw new FormatException("No object.");
        Read(root);
        return root;
    }

    /// <summary>Reads every text once: an escape may name half a character, and nobody is told before it is read.</summary>
    private static void Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) element.GetString();
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) Read(item);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                _ = member.Name;
                Read(member.Value);
            }
        }
    }
}
