using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FrameVideo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Whether the key that both services share is there, for this user's eyes alone. Its fingerprint is shown, so that two services can be compared; the key never is.</summary>
public sealed class LinkKeyCheck : IConfigurationCheck
{
    /// <inheritdoc/>
    public string Subject => "link key";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(CommandContext context, IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var file = Path.GetFullPath(services.GetRequiredService<IOptions<LinkTokenOptions>>().Value.KeyFile);
        if (!File.Exists(file))
        {
            yield return Finding.Warning(Subject, $"{file} is not there yet; whichever service starts first makes it. Services on several machines need the same file: hand it to them.");
            yield break;
        }

        var key = await File.ReadAllBytesAsync(file, cancellationToken);
        if (key.Length < 32)
        {
            yield return Finding.Failed(Subject, $"{file} has {key.Length} bytes; it needs 32 or more. Remove it, and the next start makes a new one (which ends every link that was given).");
            yield break;
        }

        // Behind HMAC, so that the fingerprint says nothing about what the key signs.
        var fingerprint = Convert.ToHexStringLower(HMACSHA256.HashData(key, "FrameVideo link key fingerprint"u8))[..16];
        var mode = OperatingSystem.IsWindows() ? UnixFileMode.UserRead : File.GetUnixFileMode(file);
        yield return (mode & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) == UnixFileMode.None
            ? Finding.Ok(Subject, $"fingerprint {fingerprint}; both services show the same one")
            : Finding.Failed(Subject, $"others can read {file}, mode {Convert.ToString((int)mode, 8)}; `chmod 600` it (fingerprint {fingerprint}).");
    }
}
