namespace FrameVideo.Api.Tests.Clients;

/// <summary>The C# clients in a program of somebody else.</summary>
[Collection(nameof(ClientPair))]
public sealed class CSharpClientTests(ClientPair pair, CSharpClient client) : IClassFixture<CSharpClient>
{
    [Fact]
    public async Task A_program_calls_every_operation_with_the_generated_clients_which_compile_without_a_warning()
    {
        await using var host = await PageHost.StartAsync(pair.Origin);
        var said = await client.RunAsync(await client.BuildAsync(pair.Door.Address), pair.Door.Address, pair.Videos.Address, pair.KeyOf("csharp"), "csharp", $"{pair.Origin}/hook");
        var called = said.Split('\n').Where(line => line.StartsWith("called ", StringComparison.Ordinal)).Select(line => line.Split(' ')).Select(call => DocumentedOperations.Of(call[1], call[2], call[3]));
        Assert.Equal(DocumentedOperations.All, called.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_README_shows_makes_a_film()
    {
        var said = await client.RunAsync(await client.BuildAsync(pair.Door.Address), "shown", pair.Door.Address, pair.KeyOf("readme"));
        var film = client.PathOf("film.mp4");
        Assert.True(File.Exists(film), said);
        Assert.Equal("ftyp"u8.ToArray(), (await File.ReadAllBytesAsync(film))[4..8]);
    }
}
