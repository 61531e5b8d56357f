using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Keeps each user's part of the queue within <see cref="LimitOptions.QueuedPerUser"/>.</summary>
public sealed class QueueCap(IOptions<LimitOptions> options)
{
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Makes room for one job more of a user, in the transaction that writes it: others of the same user wait until that has ended, so none slips past. To be called before the
    /// transaction takes any row, that no two wait for each other.
    /// </summary>
    /// <param name="transaction">The one that will write the job.</param>
    /// <param name="user">Whose job it is.</param>
    /// <param name="countOpen">Counts the user's jobs that wait or run.</param>
    /// <returns>How many the user has before this one: its place, for <see cref="WorkQueue.EnqueueAsync(string, string, int, CancellationToken)"/>.</returns>
    /// <exception cref="ProblemException">too-many-queued-jobs.</exception>
    public async Task<int> EnterAsync(DbTransaction transaction, UserId user, Func<DbTransaction, UserId, Task<int>> countOpen)
    {
        ArgumentNullException.ThrowIfNull(countOpen);
        await transaction.LockAsync($"queue of {user}");
        var (open, most) = (await countOpen(transaction, user), options.Value.QueuedPerUser);
        return open < most
            ? open
            : throw new ProblemException(ErrorCodes.TooManyQueuedJobs, $"{open} jobs of yours are waiting or running, and {most} are taken at a time. Come again when some have ended, or cancel some.") { RetryAfter = ComeAgain };
    }
}
