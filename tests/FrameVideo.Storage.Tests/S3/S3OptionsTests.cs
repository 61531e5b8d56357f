using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FrameVideo.Storage.Tests;

public sealed class S3OptionsTests
{
    [Fact]
    public void All_settings_are_read_flat_from_the_section()
    {
        using var services = Services(
            ("Endpoint", "http://127.0.0.1:9000"), ("PublicEndpoint", "https://s3.example"), ("ForcePathStyle", "true"), ("Checksums", "when-required"), ("Encryption", "aws:kms"), ("KmsKeyId", "k"),
            ("KeyPrefix", "framevideo/"), ("FormerBuckets:0", "old-one"), ("FormerBuckets:1", "https://old.example/old-two"), ("LinkLifetime", "00:10:00"), ("ReadTimeout", "00:00:05"), ("MaxConnections", "7"));
        services.GetRequiredService<IStartupValidator>().Validate();
        var options = services.GetRequiredService<IOptions<S3ObjectStoreOptions>>().Value;
        Assert.Equal(("films", "eu-central-1", "http://127.0.0.1:9000", "https://s3.example"), (options.Bucket, options.Region, options.Endpoint, options.PublicEndpoint));
        Assert.Equal((true, "when-required", "aws:kms", "k", "framevideo/"), (options.ForcePathStyle, options.Checksums, options.Encryption, options.KmsKeyId, options.KeyPrefix));
        Assert.Equal(["old-one", "https://old.example/old-two"], options.FormerBuckets);
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5), 7), (options.LinkLifetime, options.ReadTimeout, options.MaxConnections));
        Assert.IsType<ResilientObjectStore>(services.GetRequiredService<IObjectStore>());
        Assert.IsType<S3FormerObjects>(services.GetRequiredService<IFormerObjects>());
    }

    [Fact]
    public void A_bucket_and_a_region_are_enough_for_AWS()
    {
        using var services = Services();
        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal("when-supported", services.GetRequiredService<IOptions<S3ObjectStoreOptions>>().Value.Checksums);
    }

    [Fact]
    public void The_folders_settings_are_not_looked_at()
    {
        using var services = Services(("Folder", ""), ("PublicUrl", "nonsense"));
        services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Theory]
    [InlineData("Bucket", "")]
    [InlineData("Bucket", "ab")]
    [InlineData("Bucket", "Films")]
    [InlineData("Bucket", "fi_lms")]
    [InlineData("Bucket", "films/x")]
    [InlineData("Bucket", "-films")]
    [InlineData("Bucket", "films.")]
    [InlineData("Bucket", "fi..lms")]
    [InlineData("Bucket", "192.168.1.1")]
    [InlineData("Bucket", "xn--films")]
    [InlineData("Bucket", "films-s3alias")]
    [InlineData("Bucket", "a123456789012345678901234567890123456789012345678901234567890123")]
    [InlineData("Region", "")]
    [InlineData("Region", "eu central")]
    [InlineData("Endpoint", "127.0.0.1:9000")]
    [InlineData("Endpoint", "ftp://x")]
    [InlineData("Endpoint", "http://x/path")]
    [InlineData("Endpoint", "http://user:pass@x")]
    [InlineData("Endpoint", "http://x?a=b")]
    [InlineData("PublicEndpoint", "https://s3.example")]
    [InlineData("Checksums", "never")]
    [InlineData("Encryption", "aes256")]
    [InlineData("KmsKeyId", "k")]
    [InlineData("KeyPrefix", "framevideo")]
    [InlineData("KeyPrefix", "/framevideo/")]
    [InlineData("KeyPrefix", "a//b/")]
    [InlineData("KeyPrefix", "a/../b/")]
    [InlineData("KeyPrefix", "a b/")]
    [InlineData("FormerBuckets:0", "Old")]
    [InlineData("FormerBuckets:0", "ftp://x/old")]
    [InlineData("FormerBuckets:0", "https://x/y/old")]
    [InlineData("FormerBuckets:0", "https://old")]
    [InlineData("LinkLifetime", "8.00:00:00")]
    [InlineData("ReadTimeout", "00:00:00")]
    [InlineData("MaxConnections", "0")]
    public void A_setting_out_of_its_range_is_refused_at_start(string name, string value)
    {
        using var services = Services((name, value));
        Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);
    }

    private static ServiceProvider Services(params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["Storage:Kind"] = "s3", ["Storage:Bucket"] = "films", ["Storage:Region"] = "eu-central-1" };
        foreach (var (name, value) in settings) values[$"Storage:{name}"] = value;
        return new ServiceCollection().AddLogging().AddObjectStore(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).BuildServiceProvider();
    }
}
