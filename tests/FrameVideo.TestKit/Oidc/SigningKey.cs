using System.Buffers.Text;
using System.Security.Cryptography;

namespace FrameVideo.TestKit.Oidc;

/// <summary>A key pair that signs tokens, by the framework's own cryptography: what is tested checks it by another library.</summary>
public sealed class SigningKey
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _curve;

    private SigningKey(string algorithm, RSA? rsa, ECDsa? curve) => (Algorithm, _rsa, _curve, Id) = (algorithm, rsa, curve, RandomNumberGenerator.GetHexString(16, lowercase: true));

    public string Id { get; }

    /// <summary>RS256, PS256, ES256 and the like.</summary>
    public string Algorithm { get; }

    /// <summary>Whether the key set says what the key is for.</summary>
    public string? Use { get; private set; } = "sig";

    public static SigningKey Rsa(string algorithm = "RS256", int bits = 2048) => new(algorithm, RSA.Create(bits), null);

    public static SigningKey Curve(string algorithm = "ES256") =>
        new(algorithm, null, ECDsa.Create(algorithm switch { "ES384" => ECCurve.NamedCurves.nistP384, "ES512" => ECCurve.NamedCurves.nistP521, _ => ECCurve.NamedCurves.nistP256 }));

    /// <summary>The same key, which the key set says is for something else, or for nothing in particular.</summary>
    public SigningKey For(string? use)
    {
        Use = use;
        return this;
    }

    /// <summary>The public key in the form that people find in a PEM file.</summary>
    public string PublicPem => _rsa?.ExportSubjectPublicKeyInfoPem() ?? _curve!.ExportSubjectPublicKeyInfoPem();

    public byte[] Sign(byte[] bytes, string? algorithm = null)
    {
        var hash = (algorithm ?? Algorithm)[2..] switch { "384" => HashAlgorithmName.SHA384, "512" => HashAlgorithmName.SHA512, _ => HashAlgorithmName.SHA256 };
        return _rsa is not null ? _rsa.SignData(bytes, hash, (algorithm ?? Algorithm)[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1) : _curve!.SignData(bytes, hash);
    }

    /// <summary>The public key as a key set has it.</summary>
    public IReadOnlyDictionary<string, string> ToJwk()
    {
        var jwk = new Dictionary<string, string>(StringComparer.Ordinal) { ["kid"] = Id, ["alg"] = Algorithm };
        if (Use is not null) jwk["use"] = Use;
        if (_rsa?.ExportParameters(false) is { } rsa) (jwk["kty"], jwk["n"], jwk["e"]) = ("RSA", Base64Url.EncodeToString(rsa.Modulus), Base64Url.EncodeToString(rsa.Exponent));
        if (_curve?.ExportParameters(false) is { } curve)
            (jwk["kty"], jwk["crv"], jwk["x"], jwk["y"]) = ("EC", Algorithm switch { "ES384" => "P-384", "ES512" => "P-521", _ => "P-256" }, Base64Url.EncodeToString(curve.Q.X), Base64Url.EncodeToString(curve.Q.Y));
        return jwk;
    }
}
