using FrameVideo.Hosting;

namespace VideoService.Clips;

/// <summary>
/// A service that makes moving clips of pictures as tasks of its own: submit one, ask how it is, fetch what it made. Everything else, such as paying once and going on after a crash, is the same for all of them.
/// Every method throws <see cref="ProviderException"/> for what the service does.
/// </summary>
internal interface IClipProvider
{
    /// <summary>Its name and how it is set up.</summary>
    Provider Provider { get; }

    /// <summary>What it can make that comes nearest to a place in a film; a pure function.</summary>
    /// <param name="seconds">How long it is seen.</param>
    /// <param name="width">The film's pixels across.</param>
    /// <param name="height">The film's pixels down.</param>
    ClipOffer Offer(double seconds, int width, int height);

    /// <summary>Words as it takes them; null where it needs none and there are none.</summary>
    string? Words(string? prompt);

    /// <summary>Hands a task in, and answers with its ID. From here on it is paid.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderException.MayBeCharged"/> where nobody knows whether it was taken.</exception>
    Task<string> SubmitAsync(ClipOrder order, CancellationToken cancellationToken);

    /// <summary>Asks how a task is. One that failed is an answer, not an exception.</summary>
    Task<ClipProgress> PollAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>Ends a task, or forgets one that has ended; one that is not there is no mistake.</summary>
    Task CancelAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>Writes what a task made to a file.</summary>
    Task DownloadAsync(Uri output, string path, CancellationToken cancellationToken);
}

/// <summary>What a service can make.</summary>
/// <param name="Model">By which model.</param>
/// <param name="Ratio">The service's own word for the size.</param>
/// <param name="Seconds">How long.</param>
/// <param name="PictureWidth">The size of the picture that it is given.</param>
/// <param name="PictureHeight">Likewise.</param>
/// <param name="CostUsd">What it costs; 0 where no price is known.</param>
internal sealed record ClipOffer(string Model, string Ratio, int Seconds, int PictureWidth, int PictureHeight, decimal CostUsd);

/// <summary>A task as it is handed in.</summary>
/// <param name="Offer">What is to be made.</param>
/// <param name="Jpeg">The picture that it begins with.</param>
/// <param name="Prompt">What happens; null for nothing.</param>
/// <param name="Seed">0 or more.</param>
internal sealed record ClipOrder(ClipOffer Offer, byte[] Jpeg, string? Prompt, long Seed);

/// <summary>How a task is.</summary>
/// <param name="Output">Where what it made is fetched, for a while; null until there is anything.</param>
/// <param name="Fault">Why it failed; null where it did not.</param>
/// <param name="IsCharged">Of one that failed: whether it is paid all the same.</param>
internal sealed record ClipProgress(Uri? Output, ProviderException? Fault = null, bool IsCharged = false)
{
    /// <summary>Whether it is waiting or at work.</summary>
    public bool IsOpen => Output is null && Fault is null;
}
