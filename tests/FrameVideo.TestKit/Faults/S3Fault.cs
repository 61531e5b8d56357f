namespace FrameVideo.TestKit.Faults;

/// <summary>What goes wrong with one request.</summary>
public sealed record S3Fault
{
    private S3Fault()
    {
    }

    /// <summary>What is answered instead of asking the server, or null.</summary>
    internal (int Status, string Code, TimeSpan? RetryAfter)? Answer { get; private init; }

    /// <summary>Where the connection is reset, or stalls.</summary>
    internal FaultPlace? Place { get; private init; }

    internal bool Stalls { get; private init; }

    /// <summary>How fast either body flows, or null.</summary>
    internal int? BytesPerSecond { get; private init; }

    /// <summary>503 SlowDown, as S3 says it.</summary>
    public static S3Fault SlowDown(TimeSpan? retryAfter = null) => new() { Answer = (503, "SlowDown", retryAfter) };

    /// <summary>403 AccessDenied.</summary>
    public static S3Fault Forbidden() => new() { Answer = (403, "AccessDenied", null) };

    /// <summary>The connection is reset.</summary>
    public static S3Fault Reset(FaultPlace place) => new() { Place = place };

    /// <summary>Nothing more passes, until the proxy releases it or the client gives up.</summary>
    public static S3Fault Stall(FaultPlace place) => new() { Place = place, Stalls = true };

    /// <summary>Both bodies flow at this rate.</summary>
    public static S3Fault Slow(int bytesPerSecond) => new() { BytesPerSecond = bytesPerSecond };
}

/// <summary>A moment in the life of a request.</summary>
public enum FaultPlace
{
    /// <summary>After the request's headers: the server hears nothing of it.</summary>
    AfterRequestHeaders,

    /// <summary>When half of the request's body has passed to the server.</summary>
    MidRequestBody,

    /// <summary>The server has done it, and the client hears nothing of that.</summary>
    BeforeAnswer,

    /// <summary>When half of the response's body has passed to the client.</summary>
    MidResponseBody,
}

/// <summary>A request as the proxy saw it.</summary>
/// <param name="Method">PUT, GET, HEAD, POST, DELETE.</param>
/// <param name="Key">The object's key, decoded; empty for requests to a bucket.</param>
/// <param name="Query">With its question mark, or empty.</param>
/// <param name="At">When its headers had come, by <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</param>
public sealed record S3Request(string Method, string Key, string Query, long At);

/// <summary>A fault that waits for its requests.</summary>
public sealed class InjectedFault(S3Fault fault, int times, Func<S3Request, bool> where)
{
    private int _left = times;
    private int _met;

    /// <summary>Requests that met it.</summary>
    public int Met => Volatile.Read(ref _met);

    internal S3Fault Fault { get; } = fault;

    /// <summary>No further request meets it.</summary>
    public void End() => Interlocked.Exchange(ref _left, 0);

    internal bool Takes(S3Request request)
    {
        if (Volatile.Read(ref _left) <= 0 || !where(request) || Interlocked.Decrement(ref _left) < 0) return false;
        Interlocked.Increment(ref _met);
        return true;
    }
}
