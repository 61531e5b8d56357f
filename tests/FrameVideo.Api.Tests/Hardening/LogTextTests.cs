using System.Text;
using FrameVideo.Hosting;

namespace FrameVideo.Api.Tests.Hardening;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("a\r\nb", "a\\u000d\\nb")]
    [InlineData("\u001b[2Jgone", "\\u001b[2Jgone")]
    [InlineData("\u0085next\u009b1m", "\\u0085next\\u009b1m")]
    [InlineData("\u2028\u2029", "\\u2028\\u2029")]
    [InlineData("\u202egnp.exe\u202c\u2066x\u2069\u200f", "\\u202egnp.exe\\u202c\\u2066x\\u2069\\u200f")]
    [InlineData("\ufeffa\u200bb\u007f", "\\ufeffa\\u200bb\\u007f")]
    [InlineData("whole \ud83d\ude00 and plain äöü 漢字", "whole \ud83d\ude00 and plain äöü 漢字")]
    [InlineData("tag \udb40\udc41", "tag \\udb40\\udc41")]
    public void Text_from_outside_ends_no_line_steers_no_terminal_and_hides_nothing(string text, string line) => Assert.Equal(line, Of(text));

    [Theory]
    [InlineData("GET /v1/objects/a/b.png?token=v1.1700000000.YW5uYQ.abc-_9&x=1 answered", "GET /v1/objects/a/b.png?token=***&x=1 answered")]
    [InlineData("https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIA%2F2024&X-Amz-Signature=0a1b2c&X-Amz-Expires=60", "https://b.s3.amazonaws.com/k?X-Amz-Credential=***&X-Amz-Signature=***&X-Amz-Expires=60")]
    [InlineData("proxy?url=http%3A%2F%2Fh%2F%3Ftoken%3Dv1.1.a.b", "proxy?url=http%3A%2F%2Fh%2F%3Ftoken%3D***")]
    [InlineData("Authorization: Bearer eyJhbGciOi.J9.x, X-API-Key: fv_abcdefghijklmnop", "Authorization: Bearer ***, X-API-Key: ***")]
    [InlineData("the key fv_abcdefghijklmnop is unknown", "the key fv_*** is unknown")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_***")]
    [InlineData("Host=db;Username=me;Password=s3cret;Database=x", "Host=db;Username=me;Password=***;Database=x")]
    [InlineData("token fvt_1700000000.r.req_1_a.YW5uYQ.abc-_9 is over", "token fvt_*** is over")]
    [InlineData("the token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl was shown", "the token *** was shown")]
    [InlineData("Host=db;Password=\"a b;c\";Database=x, password='it', pwd=\"open", "Host=db;Password=***;Database=x, password=***, pwd=***")]
    [InlineData("a tokenized token of love, fv_ and all", "a tokenized token of love, fv_ and all")]
    public void What_opens_something_stands_in_no_line(string text, string line) => Assert.Equal(line, Of(text));

    [Fact]
    public void Half_a_character_is_escaped() => Assert.Equal("half \\ud83d and \\ude00", Of($"half {'\ud83d'} and {'\ude00'}"));

    [Fact]
    public void A_line_has_an_end() => Assert.InRange(Of(new string('x', 10_000_000)).Length, 1000, 100_000);

    private static string Of(string text)
    {
        var line = new StringBuilder();
        LogText.Append(line, text);
        return line.ToString();
    }
}
