namespace FrontDoor;

/// <summary>
/// <c>dotnet FrontDoor.dll health</c>: whether the front door of this machine answers. For containers, whose images have no program that asks over HTTP.
/// </summary>
internal static class HealthCommand
{
    /// <summary>Whether the command line asks for it.</summary>
    public static bool IsAsked(string[] args) => args is ["health", ..];

    /// <summary>Asks the address on which the front door listens; 0 where it answers, else 1 with a sentence.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var configuration = WebApplication.CreateSlimBuilder(args[1..]).Configuration;
        var urls = configuration["urls"] ?? $"http://127.0.0.1:{configuration["http_ports"]?.Split(';')[0] ?? "5000"}";
        var address = BindingAddress.Parse(urls.Split(';')[0]);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new UriBuilder(address.Scheme, host, address.Port, "/health/live").Uri);
            if (answer.IsSuccessStatusCode) return 0;
            await Console.Error.WriteLineAsync($"The front door answers {(int)answer.StatusCode}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"The front door does not answer: {failure.Message}");
        }

        return 1;
    }
}
