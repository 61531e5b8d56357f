using System.Net;

namespace FrameVideo.Storage;

/// <summary>All addresses under which the objects of a bucket can be written down: virtual-hosted, path style, <c>s3://</c>; for the bucket in use and for former ones.</summary>
internal static class S3Addresses
{
    /// <summary>The addresses of the bucket in use, then those of former ones.</summary>
    public static IReadOnlyList<KeyRoot> Of(S3ObjectStoreOptions options)
    {
        var roots = new List<KeyRoot>();
        Add(roots, options, options.Bucket, options.KeyPrefix);
        foreach (var former in options.FormerBuckets)
        {
            // Former objects lie under the same prefix, or come from before there was one.
            foreach (var prefix in new[] { options.KeyPrefix, "" }.Distinct(StringComparer.Ordinal))
            {
                var slash = former.TrimEnd('/').LastIndexOf('/');
                if (slash < 0) Add(roots, options, former, prefix);
                else AddServer(roots, former[..slash], former[(slash + 1)..].TrimEnd('/'), prefix);
            }
        }

        return roots;
    }

    private static void Add(List<KeyRoot> roots, S3ObjectStoreOptions options, string bucket, string prefix)
    {
        roots.Add(new KeyRoot($"s3://{bucket}", $"/{prefix}"));
        if (options.Endpoint is null)
        {
            foreach (var host in AwsHosts(options.Region!))
            {
                AddServer(roots, $"https://{host}", bucket, prefix);
                AddServer(roots, $"http://{host}", bucket, prefix);
            }
        }
        else
        {
            AddServer(roots, options.Endpoint, bucket, prefix);
            if (options.PublicEndpoint is { } server) AddServer(roots, server, bucket, prefix);
        }
    }

    private static void AddServer(List<KeyRoot> roots, string server, string bucket, string prefix)
    {
        var url = new Uri(server);
        var origin = url.GetLeftPart(UriPartial.Authority);
        roots.Add(new KeyRoot(origin, $"/{bucket}/{prefix}"));
        if (!IPAddress.TryParse(url.Host.Trim('[', ']'), out _)) roots.Add(new KeyRoot(origin.Replace("://", $"://{bucket}.", StringComparison.Ordinal), $"/{prefix}"));
    }

    /// <summary>The hosts of S3 in a region, in the forms that AWS has given out over the years.</summary>
    private static IEnumerable<string> AwsHosts(string region)
    {
        var domain = region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
        yield return $"s3.{region}.{domain}";
        yield return $"s3-{region}.{domain}";
        yield return $"s3.dualstack.{region}.{domain}";
        yield return $"s3.{domain}";
    }
}
