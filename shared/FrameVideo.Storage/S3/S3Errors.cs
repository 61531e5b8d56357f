using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;

namespace FrameVideo.Storage;

/// <summary>
/// Puts every failure of S3 and of the way there into the store's words. Outage, missing and forbidden are three answers; a request that the caller has ended, and the
/// caller's own mistakes, are none of them.
/// </summary>
/// <remarks>Codes are those of the S3 API reference, "List of error codes".</remarks>
internal static class S3Errors
{
    private static readonly HashSet<string> Transient = new(StringComparer.Ordinal)
    {
        "InternalError", "ServiceUnavailable", "SlowDown", "Busy", "Throttling", "ThrottlingException", "TooManyRequests", "RequestLimitExceeded", "RequestTimeout", "IncompleteBody",
        "OperationAborted", "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "QuotaExceeded", "InsufficientStorage", "NoSuchUpload",
    };

    /// <summary>The failure in the store's words; null where it is not the store's, and for the answers that verbs look at themselves: missing, taken, race, range.</summary>
    public static Exception? Tell(Exception failure, S3Connection to, string what) => failure switch
    {
        ObjectStoreException or RangeNotSatisfiableException => null,
        DeleteObjectsException deletion => TellDeletion(deletion, to, what),
        AmazonServiceException answer when IsMissing(answer) || IsTaken(answer) || IsRace(answer) || IsPastTheEnd(answer) => null,
        AmazonServiceException answer when answer.StatusCode != default(HttpStatusCode) => TellAnswer(answer, to, what),
        AmazonServiceException or HttpRequestException or System.Net.Sockets.SocketException or OperationCanceledException or TimeoutException => Unanswered(failure, to, what),
        HttpIOException or IOException { InnerException: System.Net.Sockets.SocketException } => Unanswered(failure, to, what),
        AmazonClientException { InnerException: { } inner } when Tell(inner, to, what) is { } told => told,
        AmazonClientException => new ObjectStoreForbiddenException($"The object store at {to.Place} cannot be asked for {what}: {failure.Message}", failure),
        _ => null,
    };

    /// <summary>Whether the answer is that there is no such object. The body-less answer to a HEAD has no code, so it says this of a bucket, too.</summary>
    public static bool IsMissing(AmazonServiceException answer) => answer is { StatusCode: HttpStatusCode.NotFound, ErrorCode: null or "" or "NotFound" or "NoSuchKey" };

    /// <summary>Whether the range begins past the end of the object.</summary>
    public static bool IsPastTheEnd(AmazonServiceException answer) => answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable;

    /// <summary>Whether something lies under the name that was to be free.</summary>
    public static bool IsTaken(AmazonServiceException answer) => answer.StatusCode == HttpStatusCode.PreconditionFailed;

    /// <summary>Whether another request for the same name was under way, so that this one has to come again.</summary>
    public static bool IsRace(AmazonServiceException answer) => answer is { StatusCode: HttpStatusCode.Conflict, ErrorCode: "ConditionalRequestConflict" or "OperationAborted" };

    private static ObjectStoreException TellAnswer(AmazonServiceException answer, S3Connection to, string what)
    {
        if (answer.ErrorCode == "NoSuchBucket") return new BucketNotFoundException($"There is no bucket \"{to.Bucket}\" at {to.Place}. An operator has to make it, or to set Storage:Bucket right.", answer);
        var status = (int)answer.StatusCode;
        var said = $"{status} {answer.ErrorCode}".TrimEnd();
        return Transient.Contains(answer.ErrorCode ?? "") || status is 408 or 429 or 500 or 502 or 503 or 504 or 507 || (status == 501 && answer.ErrorCode != "NotImplemented")
            ? new ObjectStoreUnavailableException($"The object store at {to.Place} answers {said} for {what}.", answer) { RetryAfter = RetryAfterOf(answer) }
            : new ObjectStoreForbiddenException($"The object store at {to.Place} refuses {what} in bucket \"{to.Bucket}\": {said}. An operator has to give this service access.", answer);
    }

    private static ObjectStoreException TellDeletion(DeleteObjectsException deletion, S3Connection to, string what)
    {
        var errors = deletion.Response.DeleteErrors ?? [];
        var said = string.Join(", ", errors.Select(error => error.Code).Distinct(StringComparer.Ordinal));
        var text = $"The object store at {to.Place} did not remove {errors.Count} objects of {what}: {said}";
        return errors.TrueForAll(error => Transient.Contains(error.Code)) ? new ObjectStoreUnavailableException(text, deletion) : new ObjectStoreForbiddenException(text, deletion);
    }

    private static ObjectStoreUnavailableException Unanswered(Exception failure, S3Connection to, string what) =>
        new($"The object store at {to.Place} does not answer for {what}: {Innermost(failure).Message}", failure);

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner) failure = inner;
        return failure;
    }

    /// <summary>The Retry-After of an answer, in seconds as S3 writes it (RFC 9110, section 10.2.3, has a date besides).</summary>
    private static TimeSpan? RetryAfterOf(AmazonServiceException answer)
    {
        for (Exception? inner = answer.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpErrorResponseException { Response: { } response } && response.IsHeaderPresent("Retry-After")
                && int.TryParse(response.GetHeaderValue("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return TimeSpan.FromSeconds(seconds);
        }

        return null;
    }
}
