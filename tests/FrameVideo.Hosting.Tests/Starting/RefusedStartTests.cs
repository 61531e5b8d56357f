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
}
