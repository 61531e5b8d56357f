namespace FrameVideo.Api.Tests.Documents;

/// <summary>The documents are files of the repository, and say what the code says.</summary>
public sealed class CommittedDocumentTests
{
    [Theory]
    [MemberData(nameof(ServiceDocuments.Each), MemberType = typeof(ServiceDocuments))]
    public async Task The_committed_document_is_the_one_that_the_code_tells(string service)
    {
        var told = await ServiceDocuments.WriteAsync(service);
        var path = ServiceDocuments.PathOf(service);
        if (Environment.GetEnvironmentVariable("FRAMEVIDEO_WRITE") == "1") await File.WriteAllTextAsync(path, told);
        var committed = File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
        Assert.True(told == committed, $"services/{service}/openapi.json is not what the code tells ({Difference(committed, told)}). `dotnet run --project services/{service} -- openapi --output services/{service}/openapi.json` "
            + "writes it anew, and so does FRAMEVIDEO_WRITE=1 with this test; look at the difference before you commit it.");
    }

    [Theory]
    [MemberData(nameof(ServiceDocuments.Each), MemberType = typeof(ServiceDocuments))]
    public async Task The_document_hangs_on_no_configuration(string service)
    {
        var plain = await ServiceDocuments.WriteAsync(service);
        Assert.Equal(plain, await ServiceDocuments.WriteAsync(service, "--PublicUrl=https://films.example.org", "--Limits:QueuedPerUser=3", "--Callbacks:Timeout=00:00:09"));
        Assert.DoesNotContain("127.0.0.1:", plain, StringComparison.Ordinal);
    }

    private static string Difference(string committed, string told)
    {
        var (before, after) = (committed.Split('\n'), told.Split('\n'));
        var line = Enumerable.Range(0, Math.Min(before.Length, after.Length)).FirstOrDefault(i => before[i] != after[i], Math.Min(before.Length, after.Length));
        return $"line {line + 1}: '{before.ElementAtOrDefault(line)?.Trim()}' is '{after.ElementAtOrDefault(line)?.Trim()}' now";
    }
}
