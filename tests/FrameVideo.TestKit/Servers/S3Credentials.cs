namespace FrameVideo.TestKit.Servers;

/// <summary>The key of all buckets of this process. It stands in the environment, where the SDK's own chain finds it: in this process, and in services that are started by it.</summary>
internal static class S3Credentials
{
    private const string AccessKeyName = "AWS_ACCESS_KEY_ID";
    private const string SecretKeyName = "AWS_SECRET_ACCESS_KEY";
    private static readonly Lock Gate = new();

    public static string AccessKey => Environment.GetEnvironmentVariable(AccessKeyName) ?? "";

    public static string SecretKey => Environment.GetEnvironmentVariable(SecretKeyName) ?? "";

    public static void Ensure()
    {
        lock (Gate)
        {
            if (AccessKey.Length > 0 && SecretKey.Length > 0) return;
            Environment.SetEnvironmentVariable(AccessKeyName, "testkey");
            Environment.SetEnvironmentVariable(SecretKeyName, "testsecret");
        }
    }
}
