using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using FrameService.Generation.Providers;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Providers.OpenAI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace FrameService.Tests.Generation.Providers;

/// <summary>One call of OpenAI's protocol over real HTTP: what it answers, and how each of its ways to fail is told apart.</summary>
public sealed class OpenAIProtocolTests : IAsyncLifetime, IDisposable
{
    private readonly OpenAIClients _clients = new();
    private OpenAIStandIn _openai = null!;

    public async Task InitializeAsync() => _openai = await OpenAIStandIn.StartAsync();

    public async Task DisposeAsync() => await _openai.DisposeAsync();

    public void Dispose() => _clients.Dispose();

    public static TheoryData<string> Faults => [.. Told.Keys];

    private static readonly Dictionary<string, (OpenAIFault Fault, ProviderFault Kind, ErrorCode Code, bool Retryable, bool MayBeCharged)> Told = new(StringComparer.Ordinal)
    {
        ["insufficient_quota"] = (OpenAIFault.NoCredit(), ProviderFault.Credit, ErrorCodes.InsufficientCredit, false, false),
        ["project_spend_limit_exceeded"] = (OpenAIFault.NoCredit("project_spend_limit_exceeded"), ProviderFault.Credit, ErrorCodes.InsufficientCredit, false, false),
        ["billing_hard_limit_reached"] = (OpenAIFault.Refusal(400, "billing_hard_limit_reached", "Billing hard limit has been reached"), ProviderFault.Credit, ErrorCodes.InsufficientCredit, false, false),
        ["status 402"] = (OpenAIFault.Body(402, "<h1>Payment Required</h1>"), ProviderFault.Credit, ErrorCodes.InsufficientCredit, false, false),
        ["moderation of the words"] = (OpenAIFault.Moderation(), ProviderFault.Moderated, ErrorCodes.ContentModerated, false, false),
        ["moderation of what was made"] = (OpenAIFault.Moderation("output"), ProviderFault.Moderated, ErrorCodes.ContentModerated, true, true),
        ["content_policy_violation"] = (OpenAIFault.Refusal(400, "content_policy_violation", "Your request was rejected as a result of our safety system."), ProviderFault.Moderated, ErrorCodes.ContentModerated, false, false),
        ["too many calls"] = (OpenAIFault.RateLimit(TimeSpan.FromMinutes(9)), ProviderFault.RateLimited, ErrorCodes.ProviderRateLimited, true, false),
        ["an allowance used up"] = (OpenAIFault.Allowance("6m30s"), ProviderFault.RateLimited, ErrorCodes.ProviderRateLimited, true, false),
        ["status 500"] = (OpenAIFault.Server(), ProviderFault.Unavailable, ErrorCodes.ProviderUnavailable, true, false),
        ["status 503"] = (OpenAIFault.Server(503), ProviderFault.Unavailable, ErrorCodes.ProviderUnavailable, true, false),
        ["a page of whatever is in front"] = (OpenAIFault.Body(502, "<html>Bad gateway</html>"), ProviderFault.Unavailable, ErrorCodes.ProviderUnavailable, true, false),
        ["a line cut before the answer"] = (OpenAIFault.Cut(), ProviderFault.Unavailable, ErrorCodes.ProviderUnavailable, true, true),
        ["a line cut within the answer"] = (OpenAIFault.CutWithin(), ProviderFault.Unavailable, ErrorCodes.ProviderUnavailable, true, true),
        ["no answer in time"] = (OpenAIFault.Hang(), ProviderFault.Unavailable, ErrorCodes.ProviderUnavailable, true, true),
        ["a wrong key"] = (OpenAIFault.Refusal(401, "invalid_api_key", "Incorrect API key provided: sk-proj-****wxyz."), ProviderFault.Refused, ErrorCodes.ProviderRefused, false, false),
        ["an unknown model"] = (OpenAIFault.Refusal(404, "model_not_found", "The model `x` does not exist or you do not have access to it."), ProviderFault.Refused, ErrorCodes.ProviderRefused, false, false),
        ["a request of another time"] = (OpenAIFault.Refusal(400, "unknown_parameter", "Unknown parameter: 'x'.", "x"), ProviderFault.Refused, ErrorCodes.ProviderRefused, false, false),
        ["a redirect"] = (OpenAIFault.Body(302, ""), ProviderFault.Refused, ErrorCodes.ProviderRefused, false, false),
        ["what is no JSON"] = (OpenAIFault.Body(200, "It works!", "text/plain"), ProviderFault.Malformed, ErrorCodes.ProviderUnavailable, true, true),
        ["JSON of another kind"] = (OpenAIFault.Body(200, "[1, 2]", "application/json"), ProviderFault.Malformed, ErrorCodes.ProviderUnavailable, true, true),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_told_apart_and_nothing_that_the_service_said_is_passed_on(string name)
    {
        var (fault, kind, code, retryable, charged) = Told[name];
        _openai.Fail(fault);
        var provider = name == "no answer in time" ? Provider(timeout: "00:00:01") : Provider();
        var thrown = await Assert.ThrowsAsync<ProviderException>(() => OpenAIFaults.TellAsync(provider, () => _clients.Chat(provider).GetResponseAsync("Hello"), CancellationToken.None));
        Assert.Equal(kind, thrown.Kind);
        var error = thrown.ToError(7);
        Assert.Equal((code.Code, 7, retryable), (error.Code, error.Frame, error.Retryable));
        Assert.Equal(kind == ProviderFault.Moderated ? "prompt" : null, error.Field);
        Assert.Equal(charged, thrown.MayBeCharged);
        if (name == "too many calls") Assert.Equal(TimeSpan.FromMinutes(9), thrown.RetryAfter);
        if (name == "an allowance used up") Assert.Equal(TimeSpan.FromSeconds(390), thrown.RetryAfter);
        var told = thrown + error.ToString();
        foreach (var secret in new[] { _openai.Key, "sk-", "org-standin", "safety_violations", "0123" }) Assert.DoesNotContain(secret, told, StringComparison.Ordinal);
        Assert.Single(_openai.Calls);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_an_outage_that_cost_nothing()
    {
        var provider = Provider(endpoint: $"http://127.0.0.1:{Ports.Free()}/v1");
        var thrown = await Assert.ThrowsAsync<ProviderException>(() => OpenAIFaults.TellAsync(provider, () => _clients.Chat(provider).GetResponseAsync("Hello"), CancellationToken.None));
        Assert.Equal((ProviderFault.Unavailable, false), (thrown.Kind, thrown.MayBeCharged));
    }

    [Fact]
    public async Task A_caller_who_goes_away_is_no_fault_of_the_service()
    {
        _openai.Fail(OpenAIFault.Hang());
        using var leaving = new CancellationTokenSource();
        var provider = Provider(timeout: "00:10:00");
        var call = OpenAIFaults.TellAsync(provider, () => _clients.Chat(provider).GetResponseAsync("Hello", cancellationToken: leaving.Token), leaving.Token);
        await Wait.UntilAsync(() => _openai.Calls.Count > 0, "the call");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Chat_and_pictures_are_had_through_the_interfaces_of_the_ecosystem()
    {
        var provider = Provider();
        var said = await _clients.Chat(provider).GetResponseAsync([new ChatMessage(ChatRole.System, "Write."), new ChatMessage(ChatRole.User, """{"firstScene":1,"lastScene":3}""")]);
        Assert.Equal(3, JsonNode.Parse(said.Text)!["scenes"]!.AsArray().Count);
        Assert.True(said.Usage!.InputTokenCount > 0 && said.Usage.OutputTokenCount > 0);
#pragma warning disable MEAI001
        var drawn = await _clients.Images(provider).GenerateAsync(
            new ImageGenerationRequest("A pier at dusk"), new ImageGenerationOptions { ImageSize = new System.Drawing.Size(1280, 720) });
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], Assert.IsType<DataContent>(Assert.Single(drawn.Contents)).Data[..4].ToArray());
        var edited = await _clients.Images(provider).GenerateAsync(
            new ImageGenerationRequest("The same pier at night", [new DataContent(Pictures.Png(), "image/png") { Name = "former.png" }]), new ImageGenerationOptions { ImageSize = new System.Drawing.Size(1280, 720) });
        Assert.NotEmpty(edited.Contents);
        Assert.True(edited.Usage!.InputTokenCount > 900 && edited.Usage.OutputTokenCount > 0);
#pragma warning restore MEAI001
        Assert.Equal(["/v1/chat/completions", "/v1/images/generations", "/v1/images/edits"], _openai.Paid.Select(call => call.Path));
        Assert.All(_openai.Calls.Skip(1), call => Assert.Equal(("gpt-image-2.5-flare", "1280x720"), (call.Model, call.Text("size"))));
    }

    [Theory]
    [InlineData("chat/completions", """{"model":"gpt-6-luna"}""", 400, "missing_required_parameter")]
    [InlineData("chat/completions", """{"model":"gpt-3","messages":[{"role":"user","content":"x"}]}""", 404, "model_not_found")]
    [InlineData("chat/completions", """{"model":"gpt-6-luna","messages":[{"role":"user","content":"x"}],"frameCount":3}""", 400, "unknown_parameter")]
    [InlineData("chat/completions", """{"model":"gpt-6-luna","messages":[{"role":"user","content":"x"}],"max_tokens":3}""", 400, "unsupported_parameter")]
    [InlineData("chat/completions", """{"model":"gpt-6-luna","messages":[{"role":"user","content":"x"}],"temperature":0.2}""", 400, "unsupported_value")]
    [InlineData("chat/completions", """{"model":"gpt-6-luna","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,"schema":{"type":"object","properties":{"a":{"type":"string"}},"required":[],"additionalProperties":false}}}}""", 400, null)]
    [InlineData("chat/completions", """{"model":"gpt-6-luna","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,"schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}}}}""", 400, null)]
    [InlineData("images/generations", """{"model":"gpt-image-2","prompt":"x","response_format":"b64_json"}""", 400, "unknown_parameter")]
    [InlineData("images/generations", """{"model":"gpt-image-2","prompt":"x","size":"1280x721"}""", 400, "invalid_value")]
    [InlineData("images/generations", """{"model":"gpt-image-1","prompt":"x","size":"1280x720"}""", 400, "invalid_value")]
    [InlineData("images/generations", """{"model":"gpt-image-2","prompt":"x","quality":"max"}""", 400, "invalid_value")]
    [InlineData("images/generations", """{"model":"dall-e-3","prompt":"x"}""", 400, "invalid_value")]
    [InlineData("images/variations", "{}", 404, null)]
    public async Task The_stand_in_refuses_what_the_service_refuses(string operation, string body, int status, string? code)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_openai.Endpoint}/{operation}") { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _openai.Key);
        using var answer = await http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Empty(_openai.Paid);
    }

    [Fact]
    public async Task The_stand_in_takes_no_other_key()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_openai.Endpoint}/images/generations") { Content = JsonContent.Create(new { model = "gpt-image-2", prompt = "x" }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sk-another");
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private Provider Provider(string? endpoint = null, string timeout = "00:01:00")
    {
        var set = new ProviderSet();
        set.Read(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["OPENAI_API_KEY"] = _openai.Key,
                ["OPENAI_BASE_URL"] = endpoint ?? _openai.Endpoint,
                ["Providers:openai:StoryModel"] = "gpt-6-luna",
                ["Providers:openai:ImageModel"] = "gpt-image-2.5-flare",
                ["Providers:openai:Timeout"] = timeout,
            }).Build(),
            [ProviderUse.Stories]);
        Assert.Empty(set.Faults([ProviderUse.Stories]));
        return new Provider("openai", set.Providers["openai"], new FakeTimeProvider());
    }
}
