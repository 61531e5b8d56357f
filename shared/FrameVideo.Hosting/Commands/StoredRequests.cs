using System.Runtime.CompilerServices;
using FrameVideo.Contracts;
using FrameVideo.Storage;

namespace FrameVideo.Hosting;

/// <summary>All objects of one request.</summary>
/// <param name="UserId">Whose they are.</param>
/// <param name="RequestId">The generation that they belong to.</param>
/// <param name="Objects">In ordinal order of their keys.</param>
public sealed record StoredRequest(UserId UserId, RequestId RequestId, IReadOnlyList<ObjectEntry> Objects);

/// <summary>Reads the store as requests, one at a time: what is in memory is the listing of one request, however large the bucket is.</summary>
public static class StoredRequests
{
    /// <summary>The requests of one user, in ordinal order.</summary>
    public static async IAsyncEnumerable<StoredRequest> ListRequestsAsync(this IObjectStore store, UserId user, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var objects = new List<ObjectEntry>();
        await foreach (var entry in store.ListAsync(ObjectKeys.UserPrefix(user), cancellationToken))
        {
            if (objects.Count > 0 && objects[0].Key.RequestId != entry.Key.RequestId)
            {
                yield return new StoredRequest(user, objects[0].Key.RequestId, objects);
                objects = [];
            }

            objects.Add(entry);
        }

        if (objects.Count > 0) yield return new StoredRequest(user, objects[0].Key.RequestId, objects);
    }
}
