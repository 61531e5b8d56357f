namespace FrameVideo.Jobs;

/// <summary>
/// One kind of long work that survives its process. What is done and what is not stands in the service's own rows; the queue only says who works when,
/// and may start the same work again at any time: after a crash, after an error, or by the sweep.
/// </summary>
public interface IWork
{
    /// <summary>The kind's name: letters and dashes.</summary>
    string Name { get; }

    /// <summary>
    /// Goes on with one piece of work from where its rows stand, until its rows say that it is ended. Never runs twice at a time for the same ID.
    /// An exception starts it again after a while; cancellation means that the process stops or that somebody asked to stop this work.
    /// </summary>
    Task RunAsync(string id, CancellationToken cancellationToken);

    /// <summary>The IDs of all work whose rows say that it is not ended.</summary>
    Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>How much there is, for metrics; null where nobody need know.</summary>
    Task<WorkBacklog?> BacklogAsync(CancellationToken cancellationToken) => Task.FromResult<WorkBacklog?>(null);
}
