namespace FrameVideo.TestKit;

/// <summary>Waits for conditions, never for time.</summary>
public static class Wait
{
    /// <summary>Asks again and again until the answer is not null; gives up with a sentence.</summary>
    public static async Task<T> ForAsync<T>(Func<Task<T?>> ask, string what, TimeSpan? limit = null)
        where T : class
    {
        using var end = new CancellationTokenSource(limit ?? TimeSpan.FromMinutes(2));
        while (true)
        {
            if (await ask() is { } answer) return answer;
            if (end.IsCancellationRequested) throw new TimeoutException($"Waited in vain for {what}.");
            await Task.Delay(25, CancellationToken.None);
        }
    }

    /// <inheritdoc cref="ForAsync{T}"/>
    public static Task UntilAsync(Func<Task<bool>> ask, string what, TimeSpan? limit = null) => ForAsync(async () => await ask() ? "" : null, what, limit);

    /// <inheritdoc cref="ForAsync{T}"/>
    public static Task UntilAsync(Func<bool> ask, string what, TimeSpan? limit = null) => UntilAsync(() => Task.FromResult(ask()), what, limit);
}
