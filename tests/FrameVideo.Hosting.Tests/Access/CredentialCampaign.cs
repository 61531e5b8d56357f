using System.Diagnostics;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Oidc;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace FrameVideo.Hosting.Tests.Access;

/// <summary>What it costs to check a credential: the same session is read with each kind in turn, round after round, so that whatever else the machine does falls on all of them alike.</summary>
[Trait("Campaign", "credentials")]
[Trait("Depth", "long")]
[Collection(GuardedPair.Collection)]
public sealed class CredentialCampaign(GuardedPair pair, ITestOutputHelper output)
{
    private const int Rounds = 40;
    private const int Reads = 50;
    private const int Checks = 2000;

    [Fact]
    public async Task A_session_is_read_with_a_token_as_fast_as_with_a_key()
    {
        var now = pair.Clock.GetUtcNow();
        var cognito = pair.Cognito.Sign(TokenShapes.CognitoAccess(pair.Cognito, "anna", "app", now, "framevideo/frames:read"));
        var made = await pair.As("writer", pair.Frames).PostAsync("/v1/tokens", new { requestId = pair.Filmed }).ReadAsync<RequestToken>();
        (string Name, HttpClient Http)[] clients = [("API key", pair.As("reader", pair.Frames)), ("JWT, RS256", GuardedPair.Bearing(cognito, pair.Frames)), ("request token", GuardedPair.Bearing(made.Token, pair.Frames))];
        var spent = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (var round = -3; round < Rounds; round++)
        {
            foreach (var (name, http) in clients)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < Reads; i++) (await http.GetAsync($"/v1/sessions/{pair.Filmed}")).EnsureSuccessStatusCode().Dispose();
                if (round >= 0) (spent.TryGetValue(name, out var list) ? list : spent[name] = []).Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / Reads);
            }
        }

        double MedianOf(string name) => spent[name].Order().ElementAt(Rounds / 2);
        foreach (var (name, _) in clients) output.WriteLine($"{name}: {MedianOf(name):F0} us for a session, {MedianOf("API key") / MedianOf(name):P0} of a key's speed");
        output.WriteLine($"JWT alone, RS256: {await CheckAsync(cognito):F1} us of CPU");
        output.WriteLine($"JWT alone, ES256: {await CheckAsync(pair.Supabase.Sign(TokenShapes.Supabase(pair.Supabase, "anna", now))):F1} us of CPU");
        Assert.All(clients, client => Assert.True(MedianOf(client.Name) < MedianOf("API key") / 0.8, client.Name));
    }

    private async Task<double> CheckAsync(string token)
    {
        var issuers = pair.Frames.Services.GetRequiredService<JwtIssuers>();
        for (var i = 0; i < Checks; i++) await issuers.ReadAsync(token, CancellationToken.None);
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Checks; i++) await issuers.ReadAsync(token, CancellationToken.None);
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Checks;
    }
}
