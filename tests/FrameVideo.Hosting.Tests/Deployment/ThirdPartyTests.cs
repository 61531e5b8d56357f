using FrameVideo.TestKit;

namespace FrameVideo.Hosting.Tests.Deployment;

/// <summary>What is of others is listed, and may be used as it is.</summary>
public sealed class ThirdPartyTests
{
    private static readonly string Committed = Repository.Combine("THIRD-PARTY-NOTICES.md");

    [Fact]
    public void Every_package_has_a_licence_that_is_allowed()
    {
        var (shipped, others) = ThirdParty.OfNuGet();
        Assert.InRange(shipped.Count, 30, 300);
        Assert.DoesNotContain(shipped, package => !ThirdParty.IsAllowed(package.Licence, ThirdParty.Allowed));
        Assert.DoesNotContain(others.Concat(ThirdParty.OfNpm()), package => !ThirdParty.IsAllowed(package.Licence, ThirdParty.AllowedInTests));
    }

    [Theory]
    [InlineData("MIT", true)]
    [InlineData("(GPL-3.0-only OR MIT)", true)]
    [InlineData("MIT AND GPL-3.0-only", false)]
    [InlineData("GPL-3.0-only", false)]
    [InlineData("none that is known", false)]
    public void A_licence_is_allowed_by_name(string licence, bool isAllowed) => Assert.Equal(isAllowed, ThirdParty.IsAllowed(licence, ThirdParty.Allowed));

    [Fact]
    public void The_notices_name_every_package_and_no_other()
    {
        var notices = ThirdParty.Notices();
        if (Environment.GetEnvironmentVariable("FRAMEVIDEO_RENEW") == "1") File.WriteAllText(Committed, notices);
        Assert.True(File.ReadAllText(Committed).ReplaceLineEndings("\n") == notices, "THIRD-PARTY-NOTICES.md is not what the lock files say; tests/renew writes it.");
    }

    [Fact]
    public void Each_font_has_its_licence_beside_it()
    {
        var fonts = Directory.GetFiles(Repository.Combine("services"), "*.ttf", SearchOption.AllDirectories);
        Assert.NotEmpty(fonts);
        Assert.All(fonts, font =>
        {
            Assert.StartsWith("SourceSans3-", Path.GetFileName(font), StringComparison.Ordinal);
            Assert.Contains("SIL OPEN FONT LICENSE Version 1.1", File.ReadAllText(Path.Combine(Path.GetDirectoryName(font)!, "OFL.txt")), StringComparison.Ordinal);
        });
    }
}
