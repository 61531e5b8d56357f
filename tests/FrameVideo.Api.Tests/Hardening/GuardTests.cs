using System.Net;
using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameVideo.Api.Tests.Hardening;

/// <summary>What the guard lets through, by address and by form; that it is asked everywhere is looked at elsewhere.</summary>
public sealed class GuardTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("100.100.100.200")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::a00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001::7f00:1")]
    [InlineData("2001:2::1")]
    [InlineData("2001:20::1")]
    [InlineData("2001:db8::1")]
    [InlineData("3fff:0fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    public void Addresses_that_are_not_of_the_public_Internet_are_not_called(string address) => Assert.False(GuardedHttp.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("2001:200::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("3ffe::1")]
    public void Addresses_of_the_public_Internet_are(string address) => Assert.True(GuardedHttp.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("ftp://1.1.1.1/a.png")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://me:secret@1.1.1.1/a.png")]
    [InlineData("http://1.1.1.1:25/a.png")]
    [InlineData("http://1.1.1.1/a b.png")]
    [InlineData("http://1.1.1.1/a\r\nHost: b")]
    [InlineData("http://2130706433/a.png")]
    [InlineData("http://0x7f.1/a.png")]
    [InlineData("http://0177.0.0.1/a.png")]
    [InlineData("http://127.1/a.png")]
    [InlineData("http://[::ffff:7f00:1]/a.png")]
    [InlineData("http://[64:ff9b::7f00:1]/a.png")]
    [InlineData("/etc/passwd")]
    [InlineData("//1.1.1.1/a.png")]
    public async Task URLs_that_lead_elsewhere_in_any_form_are_refused_and_not_called(string url)
    {
        using var http = new GuardedHttp(GuardedHttp.IsPublic);
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => http.GetAsync(url, CancellationToken.None));
        Assert.Equal(ErrorCodes.UrlRefused, refusal.Code);
    }

    [Fact]
    public void A_URL_is_no_longer_than_browsers_take() => Assert.False(WebAddress.TryParse($"http://1.1.1.1/{new string('ä', 1000)}", out _, out _));
}
