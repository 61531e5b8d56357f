using FrameService.Operations;
using FrameVideo.TestKit;
using VideoService.Operations;

namespace FrameVideo.Hosting.Tests.Starting;

/// <summary>A service with a configuration that cannot be: one sentence for each mistake, exit code 1, and nothing else.</summary>
public sealed class RefusedStartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--Database:MaxPoolSize=1", "2 and 500")]
    [InlineData("--Database:Kind=oracle", "Database:Kind is 'oracle'")]
    [InlineData("--Storage:Kind=tape", "Storage:Kind is \"tape\"")]
    [InlineData("--Connections:Grace=00:00:00.5", "Connections")]
    [InlineData("--Connections:Grace=soon", "Connections")]
    [InlineData("--RateLimits:Reads=-5", "Reads")]
    [InlineData("--Jobs:Concurrency=-1", "Jobs")]
    [InlineData("--urls=http://0.0.0.0:0", "listens on loopback alone")]
    [InlineData("--Auth:ApiKeysFile=/nowhere/keys.json", "/nowhere/keys.json")]
    public async Task A_mistake_is_a_sentence(string mistake, string expected)
    {
        foreach (var program in new[] { FrameProgram.Create(), VideoProgram.Create() })
        {
            using var errors = new StringWriter();
            string[] args = ["--urls=http://127.0.0.1:0", $"--Data:Folder={_folder.Path}", mistake];
            var code = await program.RunAsync(args, TextWriter.Null, errors).WaitAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(1, code);
            var lines = errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Contains(lines, line => line.StartsWith($"{program.Name} does not start: ", StringComparison.Ordinal) && line.Contains(expected, StringComparison.Ordinal));
            Assert.All(lines, line => Assert.DoesNotContain("   at ", line, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Generation:Stories=openai", "Generation:Stories chooses openai, and there is no key for it: set OPENAI_API_KEY or Providers:openai:ApiKey.")]
    [InlineData("Generation:Frames=mine --Providers:mine:Kind=openai --Providers:mine:ApiKey=sk-secret --Providers:mine:Endpoint=http://localhost:9/v1", "Providers:mine:ImageModel does not say which model.")]
    public async Task A_provider_that_is_chosen_without_a_key_or_a_model_is_a_sentence_and_check_config_tells_it_too(string settings, string expected)
    {
        string[] args = ["--urls=http://127.0.0.1:0", $"--Data:Folder={_folder.Path}", .. settings.Split(' ').Select(setting => setting.StartsWith("--", StringComparison.Ordinal) ? setting : "--" + setting)];
        using var errors = new StringWriter();
        Assert.Equal(1, await FrameProgram.Create().RunAsync(args, TextWriter.Null, errors).WaitAsync(TimeSpan.FromMinutes(2)));
        Assert.Contains(expected, Assert.Single(errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        using var output = new StringWriter();
        Assert.Equal(1, await FrameProgram.Create().RunAsync(["check-config", .. args], output, errors).WaitAsync(TimeSpan.FromMinutes(2)));
        Assert.Contains($"FAILED  options:           {(expected.StartsWith("Gen", StringComparison.Ordinal) ? expected : "")}", output.ToString() + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", output.ToString() + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_config_says_who_makes_what_and_whether_it_costs_and_shows_no_key()
    {
        using var output = new StringWriter();
        await FrameProgram.Create().RunAsync(
            ["check-config", "--urls=http://127.0.0.1:0", $"--Data:Folder={_folder.Path}", "--Providers:openai:ApiKey=sk-secret", "--Providers:openai:StoryModel=another", "--Generation:Stories=openai", "--Providers:openai:ApiKee=x"], output, output).WaitAsync(TimeSpan.FromMinutes(2));
        var said = output.ToString();
        Assert.Contains("Generation:Stories: openai (another at https://api.openai.com); can cost money", said, StringComparison.Ordinal);
        Assert.Contains("Generation:Frames: draft; costs nothing", said, StringComparison.Ordinal);
        Assert.Contains("Providers:openai:Prices has none for another", said, StringComparison.Ordinal);
        Assert.Contains("Providers:openai:ApiKee is read by nobody", said, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", said, StringComparison.Ordinal);
    }
}
