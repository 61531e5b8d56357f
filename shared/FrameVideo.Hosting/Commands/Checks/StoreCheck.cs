using System.Runtime.CompilerServices;
using System.Text;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Tries each verb of the object store on an object of its own, in the part of the layout that this service writes, and leaves nothing behind.</summary>
/// <param name="probeKey">The object's name; its user and request are nobody's.</param>
public sealed class StoreCheck(Func<UserId, RequestId, string, ObjectKey> probeKey) : IConfigurationCheck
{
    /// <summary>Whose the objects of checks are. No person and no program has this name; <c>recover</c> passes over it.</summary>
    public static readonly UserId Nobody = UserId.Parse("framevideo~check-config");

    /// <summary>How far the store's clock may be from ours: signatures allow a quarter of an hour.</summary>
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public string Subject => "object store";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(CommandContext context, IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (store, clock) = (services.GetRequiredService<IObjectStore>(), services.GetRequiredService<TimeProvider>());
        await store.ProbeAsync(cancellationToken);
        yield return Finding.Ok(Subject, $"{context.Settings["Storage:Kind"] ?? "folder"} {context.Settings["Storage:Bucket"]}".TrimEnd() + " answers");

        using var file = await services.GetRequiredService<Spool>().WriteAsync(Encoding.UTF8.GetBytes($"check-config {clock.GetUtcNow():O}"), cancellationToken);
        var request = RequestId.New(clock);
        var key = probeKey(Nobody, request, file.Sha256);
        var done = new List<Finding>();
        try
        {
            done.Add(await TryAsync("put", async () => await store.PutAsync(key, file, cancellationToken) == PutOutcome.Stored, "an object that was put is said to have been there before."));
            if (done[0].Result == FindingResult.Ok)
            {
                done.Add(await TryAsync("put twice", async () => await store.PutAsync(key, file, cancellationToken) == PutOutcome.Same, "a second put of the same name was not refused: the store ignores If-None-Match, so it can overwrite."));
                done.Add(await TryAsync("get", async () => await HashAsync(store, key, services, cancellationToken) == file.Sha256, "the bytes that came back are not those that were put."));
                done.Add(await TryAsync("list", async () => await store.ListAsync(ObjectKeys.RequestPrefix(Nobody, request), cancellationToken).AnyAsync(entry => entry.Key == key, cancellationToken), "the object does not stand in the listing."));
                done.AddRange(await TryLinkAsync(store, key, file, services, clock, cancellationToken));
            }
        }
        finally
        {
            done.Add(await TryAsync("delete", async () => await store.DeleteAsync(key, CancellationToken.None) | done[0].Result != FindingResult.Ok, $"{key} could not be found to be deleted."));
        }

        foreach (var finding in done.Where(finding => finding.Result != FindingResult.Ok || finding.Subject == "link" || finding.Subject == "clock")) yield return finding;
        var fine = done.Where(finding => finding.Result == FindingResult.Ok && finding.Subject is not ("link" or "clock")).Select(finding => finding.Subject["store ".Length..]).ToList();
        if (fine.Count > 0) yield return Finding.Ok("store rights", string.Join(", ", fine));
    }

    private static async Task<Finding> TryAsync(string verb, Func<Task<bool>> attempt, string otherwise)
    {
        try
        {
            return await attempt() ? Finding.Ok($"store {verb}", "") : Finding.Failed($"store {verb}", otherwise);
        }
        catch (ObjectStoreException exception)
        {
            return Finding.Failed($"store {verb}", Failures.Sentence(exception));
        }
    }

    private static async Task<string?> HashAsync(IObjectStore store, ObjectKey key, IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var found = await store.GetAsync(key, null, cancellationToken);
        if (found is null) return null;
        using var back = await services.GetRequiredService<Spool>().WriteAsync(found.Content, found.TotalLength, cancellationToken);
        return back.Sha256;
    }

    /// <summary>A link is made without asking anybody, so only following it shows whether browsers can.</summary>
    private static async Task<IEnumerable<Finding>> TryLinkAsync(IObjectStore store, ObjectKey key, SpooledFile file, IServiceProvider services, TimeProvider clock, CancellationToken cancellationToken)
    {
        // The folder's links are signed by the link key; making one would make the key, under this command's user.
        var keyFile = services.GetRequiredService<IOptions<LinkTokenOptions>>().Value.KeyFile;
        if (store.KeyOf("/" + ObjectEndpoints.Path.TrimStart('/') + key) == key && !File.Exists(keyFile)) return [Finding.Warning("link", "not tried: there is no link key yet.")];
        var link = new Uri(store.Link(key).Url);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(20) };
        try
        {
            using var answer = await http.GetAsync(link, cancellationToken);
            var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            var findings = new List<Finding>
            {
                (int)answer.StatusCode != 200 ? Finding.Failed("link", $"{link.GetLeftPart(UriPartial.Authority)} answers {(int)answer.StatusCode} to a link that the service would give.")
                    : bytes.LongLength != file.Length ? Finding.Failed("link", $"{link.GetLeftPart(UriPartial.Authority)} answers with other bytes.")
                    : Finding.Ok("link", $"{link.GetLeftPart(UriPartial.Authority)} serves it"),
            };
            if (answer.Headers.Date is { } theirs && (clock.GetUtcNow() - theirs).Duration() is var skew)
                findings.Add(skew > MaxSkew ? Finding.Failed("clock", $"it is {skew.TotalSeconds:F0} s away from that of {link.Host}: signatures and links will be refused. Set the clock (NTP).") : Finding.Ok("clock", $"within {Math.Ceiling(skew.TotalSeconds)} s of that of {link.Host}"));
            return findings;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return [Finding.Warning("link", $"{link.GetLeftPart(UriPartial.Authority)} could not be reached from here ({exception.InnerException?.Message ?? exception.Message}). Where links are served by the service itself, try again while it runs.")];
        }
    }
}
