using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using FrameVideo.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Hosting;

/// <summary>The secrets in force. They are looked at again every few seconds in which somebody needs one; a list takes the place of the former one whole, or not at all.</summary>
internal sealed partial class CallbackSecrets(IConfiguration configuration, TimeProvider clock, ILogger<CallbackSecrets> logger)
{
    private const long MaxFileBytes = 4L * 1024 * 1024;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private readonly Lock _turn = new();
    private Ring _ring = Ring.Empty;
    private long? _readAt;
    private string? _trouble;

    /// <summary>What to sign a user's deliveries with: one secret or two; none where nobody has configured any.</summary>
    public IReadOnlyList<SigningSecret> Of(UserId user)
    {
        lock (_turn)
        {
            if (_readAt is not { } read || clock.GetElapsedTime(read) >= Period) Reload();
            return _ring.Users.TryGetValue(user, out var own) ? own : _ring.Common;
        }
    }

    /// <summary>Reads and checks the secrets that options name.</summary>
    /// <exception cref="InvalidDataException">A secret or the file is wrong; the message says which, and never shows one.</exception>
    public static Ring Read(CallbackOptions options)
    {
        var file = options.SecretsFile is { Length: > 0 } path ? ReadFile(path) : new Content([], []);
        var users = new Dictionary<UserId, IReadOnlyList<SigningSecret>>();
        foreach (var entry in options.Users.Concat(file.Users ?? []))
        {
            if (!UserId.TryParse(entry?.UserId, out var user)) throw new InvalidDataException("Callbacks:Users: userId is 1-128 characters of A-Z, a-z, 0-9 and ._@+=:|~-");
            if (!users.TryAdd(user, Parse(entry.Secrets, $"Callbacks:Users, {user}"))) throw new InvalidDataException($"Callbacks:Users: {user} stands there twice.");
            if (users[user].Count == 0) throw new InvalidDataException($"Callbacks:Users, {user}: one or two secrets are needed.");
        }

        return new Ring(Parse([.. options.Secrets, .. file.Secrets ?? []], "Callbacks:Secrets"), users.ToFrozenDictionary());
    }

    private void Reload()
    {
        _readAt = clock.GetTimestamp();
        try
        {
            _ring = Read(configuration.GetSection(CallbackOptions.Section).Get<CallbackOptions>() ?? new CallbackOptions());
            _trouble = null;
        }
        catch (Exception broken) when (broken is InvalidDataException or InvalidOperationException)
        {
            // Told once for each mistake.
            if (broken.Message != _trouble) Broken(broken.Message);
            _trouble = broken.Message;
        }
    }

    private static IReadOnlyList<SigningSecret> Parse(IEnumerable<string> texts, string place)
    {
        var secrets = new List<SigningSecret>();
        foreach (var text in texts)
        {
            if (!SigningSecret.TryParse(text?.Trim(), out var secret)) throw new InvalidDataException($"{place}: secret {secrets.Count + 1} is not whsec_ and 24 to 64 bytes in base64.");
            secrets.Add(secret);
        }

        return secrets.Count <= 2 ? secrets : throw new InvalidDataException($"{place}: {secrets.Count} secrets; one, or two while receivers change from one to the other.");
    }

    private static Content ReadFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaxFileBytes) throw new InvalidDataException($"Callbacks:SecretsFile: {path} is larger than {MaxFileBytes / (1024 * 1024)} MiB.");
            return JsonSerializer.Deserialize<Content>(stream, Json) ?? throw new JsonException();
        }
        catch (JsonException mistake)
        {
            // Its words may hold a part of a secret: they are not ours.
            throw new InvalidDataException($$"""Callbacks:SecretsFile: {{path}} is not of the form {"secrets": [...], "users": [{"userId": ..., "secrets": [...]}]}.""", mistake);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"Callbacks:SecretsFile: {path} cannot be read: {failure.Message}", failure);
        }
    }

    [LoggerMessage(LogLevel.Error, "The secrets of callbacks are broken, so changes to them do not count; those that were read before stay in force. {Trouble}")]
    private partial void Broken(string trouble);

    /// <summary>What a reading found.</summary>
    /// <param name="Common">For everybody without an entry of his own.</param>
    /// <param name="Users">By user.</param>
    internal sealed record Ring(IReadOnlyList<SigningSecret> Common, FrozenDictionary<UserId, IReadOnlyList<SigningSecret>> Users)
    {
        public static Ring Empty { get; } = new([], FrozenDictionary<UserId, IReadOnlyList<SigningSecret>>.Empty);
    }

    private sealed record Content(IReadOnlyList<string>? Secrets, IReadOnlyList<UserSecrets>? Users);
}
