using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using FrameVideo.Contracts;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.Storage.Tests.Deployment;

/// <summary>What <c>deploy/aws</c> tells operators to hand to S3, handed to a real server; its policies let each service do its work and no more.</summary>
[Needs(TestServers.S3)]
public sealed class AwsDocumentTests : IAsyncLifetime
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static readonly UserId Anna = UserId.Parse("anna@example.org");
    private readonly RequestId _request = RequestId.New(TimeProvider.System);
    private OwnS3 _server = null!;
    private TestBucket _bucket = null!;

    public async Task InitializeAsync()
    {
        // A server of its own, since it takes two more users.
        _server = await OwnS3.StartAsync();
        _bucket = await _server.NewBucketAsync();
        foreach (var user in new[] { "frames", "videos" }) await _server.AddUserAsync(user, $"{user}-access", $"{user}-secret");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [ServerTheory]
    [InlineData("")]
    [InlineData("films/of-ours/")]
    public async Task Each_service_reads_what_it_needs_and_writes_its_own_part_alone(string prefix)
    {
        using var owner = _bucket.NewClient();
        JsonArray statements = [.. AwsDocument.StatementsFor("frames", "iam-frame-service", _bucket.Name, prefix), .. AwsDocument.StatementsFor("videos", "iam-video-service", _bucket.Name, prefix)];
        await owner.PutBucketPolicyAsync(_bucket.Name, new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = statements }.ToJsonString());
        using var frames = StoreOf("frames", prefix);
        using var videos = StoreOf("videos", prefix);
        var picture = ObjectKeys.Frame(Anna, _request, 1, Hash, "png");
        var upload = ObjectKeys.Upload(Anna, _request, "mine.png", Hash, "png");
        var clip = ObjectKeys.Clip(Anna, _request, 1, Hash);
        var manifest = ObjectKeys.Manifest(Anna, _request);

        Assert.Equal(PutOutcome.Stored, await PutAsync(frames, picture));
        Assert.Equal(PutOutcome.Stored, await PutAsync(frames, upload));
        await frames.Store.ReplaceAsync(manifest, "{}"u8.ToArray(), CancellationToken.None);
        Assert.Equal(PutOutcome.Stored, await PutAsync(videos, clip));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => PutAsync(frames, ObjectKeys.Clip(Anna, _request, 2, Hash)));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => PutAsync(videos, ObjectKeys.Frame(Anna, _request, 2, Hash, "png")));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => videos.Store.ReplaceAsync(manifest, "{}"u8.ToArray(), CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => videos.Store.DeleteAsync(picture, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => frames.Store.DeleteAsync(clip, CancellationToken.None));

        foreach (var store in new[] { frames, videos })
        {
            await store.Store.ProbeAsync(CancellationToken.None);
            await using (var read = await store.Store.GetAsync(picture, null, CancellationToken.None)) Assert.NotNull(read);
            // Missing is missing, not forbidden.
            Assert.Null(await store.Store.GetAsync(ObjectKeys.Frame(Anna, _request, 9, Hash, "png"), null, CancellationToken.None));
            Assert.Equal(4, await store.Store.ListAsync(ObjectKeys.RequestPrefix(Anna, _request), CancellationToken.None).CountAsync());
        }

        // A part that was begun can be ended.
        var begun = await frames.Bare.InitiateMultipartUploadAsync(_bucket.Name, prefix + ObjectKeys.Frame(Anna, _request, 3, Hash, "png"));
        await frames.Bare.AbortMultipartUploadAsync(_bucket.Name, begun.Key, begun.UploadId);
        Assert.True(await videos.Store.DeleteAsync(clip, CancellationToken.None));
        Assert.True(await frames.Store.DeleteAsync(picture, CancellationToken.None));

        // What lies beside the prefix is another's.
        if (prefix.Length == 0) return;
        var elsewhere = await Assert.ThrowsAsync<AmazonS3Exception>(() => frames.Bare.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _bucket.Name, Prefix = "another/" }));
        Assert.Equal("AccessDenied", elsewhere.ErrorCode);
        await Assert.ThrowsAsync<AmazonS3Exception>(() => frames.Bare.PutObjectAsync(new PutObjectRequest { BucketName = _bucket.Name, Key = picture.ToString(), ContentBody = "x" }));
    }

    [ServerFact]
    public async Task The_page_s_origin_may_read_and_no_other()
    {
        using var owner = _bucket.NewClient();
        var rule = AwsDocument.Read("cors", _bucket.Name)["CORSRules"]![0]!;
        List<string> Texts(string name) => [.. rule[name]!.AsArray().Select(text => text!.GetValue<string>())];
        var cors = new CORSRule { Id = rule["ID"]!.GetValue<string>(), AllowedOrigins = Texts("AllowedOrigins"), AllowedMethods = Texts("AllowedMethods"), AllowedHeaders = Texts("AllowedHeaders"), ExposeHeaders = Texts("ExposeHeaders"), MaxAgeSeconds = rule["MaxAgeSeconds"]!.GetValue<int>() };
        await owner.PutCORSConfigurationAsync(_bucket.Name, new CORSConfiguration { Rules = [cors] });
        await owner.PutObjectAsync(new PutObjectRequest { BucketName = _bucket.Name, Key = "film", ContentBody = "abc" });
        var link = await owner.GetPreSignedURLAsync(new GetPreSignedUrlRequest { BucketName = _bucket.Name, Key = "film", Expires = DateTime.UtcNow.AddMinutes(5), Protocol = Protocol.HTTP });
        using var http = new HttpClient();
        foreach (var (origin, allowed) in new[] { ("https://films.example.org", true), ("https://evil.example.org", false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, link);
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Range", "bytes=0-0");
            using var answer = await http.SendAsync(request);
            Assert.Equal(206, (int)answer.StatusCode);
            Assert.Equal(allowed, answer.Headers.Contains("Access-Control-Allow-Origin"));
            if (allowed) Assert.Contains("Content-Range", string.Join(',', answer.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);
        }
    }

    [ServerFact]
    public async Task Broken_uploads_end_after_a_day_and_former_versions_after_thirty()
    {
        using var owner = _bucket.NewClient();
        var rules = AwsDocument.Read("lifecycle", _bucket.Name)["Rules"]!.AsArray().Select(rule => new LifecycleRule
        {
            Id = rule!["ID"]!.GetValue<string>(),
            Status = LifecycleRuleStatus.FindValue(rule["Status"]!.GetValue<string>()),
            Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = rule["Filter"]!["Prefix"]!.GetValue<string>() } },
            AbortIncompleteMultipartUpload = rule["AbortIncompleteMultipartUpload"] is { } abort ? new LifecycleRuleAbortIncompleteMultipartUpload { DaysAfterInitiation = abort["DaysAfterInitiation"]!.GetValue<int>() } : null,
            NoncurrentVersionExpiration = rule["NoncurrentVersionExpiration"] is { } former ? new LifecycleRuleNoncurrentVersionExpiration { NoncurrentDays = former["NoncurrentDays"]!.GetValue<int>() } : null,
            Expiration = rule["Expiration"] is { } marker ? new LifecycleRuleExpiration { ExpiredObjectDeleteMarker = marker["ExpiredObjectDeleteMarker"]!.GetValue<bool>() } : null,
        });
        await owner.PutLifecycleConfigurationAsync(_bucket.Name, new LifecycleConfiguration { Rules = [.. rules] });
        var kept = (await owner.GetLifecycleConfigurationAsync(_bucket.Name)).Configuration.Rules;
        Assert.Equal(1, kept.Single(rule => rule.Id == "abandoned-uploads").AbortIncompleteMultipartUpload.DaysAfterInitiation);
        Assert.Equal(30, kept.Single(rule => rule.Id == "former-versions").NoncurrentVersionExpiration.NoncurrentDays);
    }

    [ServerTheory]
    [InlineData("bucket-policy")]
    [InlineData("bucket-policy-kms")]
    public async Task The_bucket_s_policies_are_taken_and_refuse_what_comes_without_TLS(string name)
    {
        using var owner = _bucket.NewClient();
        var policy = AwsDocument.Read(name, _bucket.Name);
        await owner.PutBucketPolicyAsync(_bucket.Name, policy.ToJsonString());
        Assert.Equal(policy.ToJsonString(), JsonNode.Parse((await owner.GetBucketPolicyAsync(_bucket.Name)).Policy)!.ToJsonString());
        // This server sets aws:SecureTransport for TLS alone, where AWS always does: that plain HTTP is refused is read in the document.
        Assert.Contains(policy["Statement"]!.AsArray(), statement => statement!["Effect"]!.GetValue<string>() == "Deny" && statement["Condition"]!["Bool"]?["aws:SecureTransport"]?.GetValue<string>() == "false");
    }

    [ServerFact]
    public void Nothing_is_public_and_everything_is_encrypted()
    {
        Assert.Equal(4, AwsDocument.Read("public-access-block", "bucket").Count);
        Assert.All(AwsDocument.Read("public-access-block", "bucket"), entry => Assert.True(entry.Value!.GetValue<bool>(), entry.Key));
        foreach (var (name, algorithm) in new[] { ("encryption", "AES256"), ("encryption-kms", "aws:kms") })
            Assert.Equal(algorithm, AwsDocument.Read(name, "bucket")["Rules"]![0]!["ApplyServerSideEncryptionByDefault"]!["SSEAlgorithm"]!.GetValue<string>());
        Assert.NotNull(AwsDocument.Read("iam-kms", "bucket")["Statement"]);
    }

    private S3TestStore StoreOf(string user, string prefix) =>
        new(S3TestStore.OptionsFor(_bucket, options => options.KeyPrefix = prefix), null, new BasicAWSCredentials($"{user}-access", $"{user}-secret"));

    private static async Task<PutOutcome> PutAsync(S3TestStore store, ObjectKey key)
    {
        using var folder = new TemporaryFolder();
        using var file = await folder.Spooled("a picture"u8.ToArray());
        return await store.Store.PutAsync(key, file, CancellationToken.None);
    }
}
