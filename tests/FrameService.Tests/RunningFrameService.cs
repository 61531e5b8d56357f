using FrameVideo.TestKit;

namespace FrameService.Tests;

/// <summary>FrameService on a data folder of one test class.</summary>
public sealed class RunningFrameService : IAsyncLifetime
{
    public TempFolder Data { get; } = new();

    public RunningApp App { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        App = await RunningApp.StartAsync(args => FrameApp.Build(args), Data);
        Http = App.Client();
    }

    /// <summary>Ends the service and starts it again on the same data.</summary>
    public async Task RestartAsync()
    {
        await App.DisposeAsync();
        await InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        Data.Dispose();
    }
}
