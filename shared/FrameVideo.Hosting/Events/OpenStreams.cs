using System.Diagnostics.Metrics;
using FrameVideo.Contracts;
using FrameVideo.Telemetry;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Counts the streams that each user has open here, so that none takes the places of all.</summary>
internal sealed class OpenStreams(IOptions<EventStreamOptions> options, IMeterFactory meters)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UserId, int> _open = [];
    private readonly UpDownCounter<long> _streams = meters.Own().CreateUpDownCounter<long>("framevideo.event_streams.open", "{stream}", "Streams of events that are open on this instance.");

    /// <summary>Takes a place, which disposal gives back.</summary>
    /// <exception cref="ProblemException">too-many-requests.</exception>
    public IDisposable Enter(UserId user)
    {
        var most = options.Value.MaxStreamsPerUser;
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(user);
            if (open >= most) throw new ProblemException(ErrorCodes.TooManyRequests, $"{most} streams of events are open for this user; close one, or read the log as JSON.") { RetryAfter = TimeSpan.FromSeconds(5) };
            _open[user] = open + 1;
        }

        _streams.Add(1);
        return new Place(this, user);
    }

    private void Leave(UserId user)
    {
        _streams.Add(-1);
        lock (_gate)
        {
            if (--_open[user] == 0) _open.Remove(user);
        }
    }

    private sealed class Place(OpenStreams streams, UserId user) : IDisposable
    {
        public void Dispose() => streams.Leave(user);
    }
}
