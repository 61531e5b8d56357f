using System.Text;
using System.Text.RegularExpressions;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Hardening;

/// <summary>What browsers are told about answers.</summary>
public sealed class HeaderTests(DoorAndService pair) : IClassFixture<DoorAndService>
{
    [Theory]
    [InlineData("service", "/v1/sessions", null, "same-origin")]
    [InlineData("door", "/v1/sessions", null, "same-origin")]
    [InlineData("service", "/nothing/here", "no-store", "same-origin")]
    [InlineData("door", "/nothing/here", "no-store", "same-origin")]
    [InlineData("door", "/", "no-cache", "same-origin")]
    [InlineData("service", "/swagger/index.html", null, "same-origin")]
    [InlineData("door", "/swagger/index.html", null, "same-origin")]
    [InlineData("service", "/health/live", null, "same-origin")]
    public async Task Every_answer_is_of_its_own_type_stands_in_no_frame_and_tells_no_other_page_its_address(string who, string path, string? cache, string embedding)
    {
        using var http = Http.Client(pair.AddressOf(who));
        using var answer = await http.GetAsync(path);
        var policy = Value(answer, "Content-Security-Policy");
        Assert.StartsWith("default-src '", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("script-src[^;]*'unsafe", policy);
        Assert.Equal(("nosniff", "DENY", "no-referrer", embedding), (Value(answer, "X-Content-Type-Options"), Value(answer, "X-Frame-Options"), Value(answer, "Referrer-Policy"), Value(answer, "Cross-Origin-Resource-Policy")));
        Assert.Empty(answer.Headers.Server);
        if (cache is not null) Assert.Equal(cache, answer.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("service")]
    [InlineData("door")]
    public async Task A_picture_may_stand_in_any_page_as_a_picture_and_as_nothing_else(string who)
    {
        using var http = Http.Client(pair.AddressOf(who), "anna");
        var id = RequestId.New(TimeProvider.System);
        var frame = await http.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        var link = new Uri(frame.ImageUrl!).PathAndQuery;
        using (var shown = await http.GetAsync(link))
        {
            Assert.Equal(("image/png", "inline", "cross-origin"), (shown.Content.Headers.ContentType!.MediaType, shown.Content.Headers.ContentDisposition!.DispositionType, Value(shown, "Cross-Origin-Resource-Policy")));
            Assert.Contains("sandbox", Value(shown, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal("nosniff", Value(shown, "X-Content-Type-Options"));
        }

        using (var saved = await http.GetAsync(link + "&download"))
        {
            Assert.Equal(("attachment", ObjectKey.Parse(frame.ObjectKey.ToString()!).FileName), (saved.Content.Headers.ContentDisposition!.DispositionType, saved.Content.Headers.ContentDisposition.FileName));
        }

        using var redirect = await http.GetAsync($"/v1/sessions/{id}/frames/1/image");
        Assert.Equal((302, "cross-origin"), ((int)redirect.StatusCode, Value(redirect, "Cross-Origin-Resource-Policy")));
    }

    [Theory]
    [InlineData("service")]
    [InlineData("door")]
    public async Task What_a_header_says_in_another_alphabet_is_no_outage(string who)
    {
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = new Uri(pair.AddressOf(who)) };
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Ca\u00e9 \u6f22\u5b57");
        using var answer = await http.GetAsync("/v1/sessions");
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("service")]
    [InlineData("door")]
    public async Task The_page_that_shows_the_API_runs_files_of_its_own_alone(string who)
    {
        using var http = Http.Client(pair.AddressOf(who));
        var page = await http.GetStringAsync("/swagger/index.html");
        var scripts = Regex.Matches(page, "<script[^>]*>");
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.Matches("src=\"\\.?/?[a-z-]+\\.js", script.Value));
        Assert.DoesNotMatch(" on[a-z]+=", page);
        foreach (Match file in Regex.Matches(page, "(?:src|href)=\"(?<path>[^\"]+)\""))
            Assert.Equal(200, (int)(await http.GetAsync(new Uri(new Uri(pair.AddressOf(who) + "/swagger/index.html"), file.Groups["path"].Value))).StatusCode);
    }

    private static string Value(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
