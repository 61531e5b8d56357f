namespace FrameVideo.TestKit.Servers;

/// <summary>
/// One S3 server for the test process, started at its first use and ended with the process; or the one of <c>FRAMEVIDEO_TEST_S3</c> (its endpoint), with
/// <c>AWS_ACCESS_KEY_ID</c>, <c>AWS_SECRET_ACCESS_KEY</c> and, if it has another region than us-east-1, <c>FRAMEVIDEO_TEST_S3_REGION</c>.
/// </summary>
public static class S3Server
{
    private static readonly string? Given = Environment.GetEnvironmentVariable("FRAMEVIDEO_TEST_S3") is { Length: > 0 } text ? text : null;
    private static readonly Lazy<Task<OwnS3>> Own = new(OwnS3.StartAsync);

    /// <summary>Why there can be none, or null.</summary>
    internal static string? Missing => Given is null && !Programs.HasCeph ? "radosgw is missing; tests/ensure-servers installs it." : null;

    /// <summary>A fresh, empty bucket.</summary>
    public static async Task<TestBucket> NewBucketAsync() => Given is null
        ? await (await Own.Value).NewBucketAsync()
        : await TestBucket.CreateAsync(new Uri(Given), Environment.GetEnvironmentVariable("FRAMEVIDEO_TEST_S3_REGION") ?? OwnS3.Region);
}
