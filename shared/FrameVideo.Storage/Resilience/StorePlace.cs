using System.Diagnostics;
using FrameVideo.Contracts;
using FrameVideo.Telemetry;

namespace FrameVideo.Storage;

/// <summary>What spans say of the store: for S3 by the conventions for AWS. No keys, since they hold users and the names of their files; the request ID finds them.</summary>
/// <param name="Bucket">The bucket's name; null for a folder.</param>
public sealed record StorePlace(string? Bucket)
{
    /// <summary>Begins the span of one operation with all its attempts.</summary>
    internal Activity? Begin(string operation, object what)
    {
        var span = Tracing.Begin(Bucket is null ? $"folder.{operation}" : $"S3.{MethodOf(operation)}", ActivityKind.Client);
        if (span is null) return null;
        if (Bucket is not null)
        {
            span.SetTag("rpc.system", "aws-api").SetTag("rpc.service", "S3").SetTag("rpc.method", MethodOf(operation)).SetTag("aws.s3.bucket", Bucket);
        }

        return what is ObjectKey key ? span.SetTag(Tracing.RequestId, key.RequestId.ToString()).SetTag("framevideo.object.kind", key.Kind.ToString()) : span;
    }

    private static string MethodOf(string operation) => operation switch
    {
        "put" or "replace" => "PutObject",
        "get" => "GetObject",
        "delete" => "DeleteObject",
        _ => "ListObjectsV2",
    };
}
