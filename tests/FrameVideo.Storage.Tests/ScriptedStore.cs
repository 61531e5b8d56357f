using System.Collections.Concurrent;
using FrameVideo.Contracts;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Storage.Tests;

/// <summary>A store that answers each call by a script; its last line stays.</summary>
public sealed class ScriptedStore : IObjectStore
{
    private readonly ConcurrentQueue<DateTimeOffset> _times = new();
    private Func<CancellationToken, Task<PutOutcome>>[] _script = [];
    private int _first;

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public int Calls => _times.Count;

    public void Script(params Func<CancellationToken, Task<PutOutcome>>[] script) => (_script, _first) = (script, Calls);

    public DateTimeOffset At(int call) => _times.ElementAt(call);

    public Task<PutOutcome> PutAsync(ObjectKey key, SpooledFile file, CancellationToken cancellationToken) => Next(cancellationToken);

    public Task ReplaceAsync(ObjectKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Next(cancellationToken);

    public async Task<StoredObject?> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        await Next(cancellationToken);
        return null;
    }

    public async IAsyncEnumerable<ObjectEntry> ListAsync(ObjectPrefix prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Next(cancellationToken);
        yield break;
    }

    public async IAsyncEnumerable<UserId> ListUsersAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Next(cancellationToken);
        yield break;
    }

    public ObjectKey? KeyOf(string url) => null;

    public Link Link(ObjectKey key) => new($"http://store.example/{key}", DateTimeOffset.UnixEpoch);

    public async Task<bool> DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => await Next(cancellationToken) == PutOutcome.Stored;

    public async Task<int> DeleteAsync(ObjectPrefix prefix, CancellationToken cancellationToken) => (int)await Next(cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => Next(cancellationToken);

    private Task<PutOutcome> Next(CancellationToken cancellationToken)
    {
        _times.Enqueue(Clock.GetUtcNow());
        return _script[Math.Min(Calls - _first, _script.Length) - 1](cancellationToken);
    }
}

/// <summary>A clock on which every pause is over at once and noted; time-outs, which are longer, never come.</summary>
public sealed class PauseClock : TimeProvider
{
    public List<TimeSpan> Pauses { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.FromSeconds(10) || dueTime == Timeout.InfiniteTimeSpan) return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Pauses.Add(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

/// <summary>Keeps what was logged.</summary>
public sealed class RecordingLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(string Line, IReadOnlyList<KeyValuePair<string, object?>> Values)> _entries = new();

    public IEnumerable<string> Lines => _entries.Select(entry => entry.Line);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((formatter(state, exception), ((IReadOnlyList<KeyValuePair<string, object?>>)state!).ToList()));

    public string Values(string name) => string.Join(' ', _entries.SelectMany(entry => entry.Values).Where(value => value.Key == name).Select(value => value.Value));
}
