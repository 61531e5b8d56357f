using System.Text.Json;

namespace FrameVideo.Benchmarks;

/// <summary>
/// Many <see cref="BadClient"/>s of each kind, in a process of their own: what they cost is not to be taken for what they do to the service. They are on the same machine, though, so whoever
/// starts them gives them a low priority.
/// </summary>
/// <remarks>Reads lines: <c>begin N</c> sets N of each kind to work, <c>ends</c> tells how connections have ended so far, <c>stop</c> ends all and tells the same. Each is answered with one line.</remarks>
internal static class Attack
{
    public static async Task<int> RunAsync(string address, string film)
    {
        var bad = new BadClient(address, film);
        var (stop, clients) = (new CancellationTokenSource(), Array.Empty<Task>());
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is ["begin", var number])
            {
                stop = new CancellationTokenSource();
                clients = [.. BadClient.Kinds.SelectMany(kind => Enumerable.Range(0, int.Parse(number, null)).Select(i => bad.RunAsync(kind, i, stop.Token)))];
            }
            else if (line == "stop")
            {
                await stop.CancelAsync();
                await Task.WhenAll(clients);
                stop.Dispose();
            }

            Console.WriteLine(JsonSerializer.Serialize(bad.Ends.Select(end => new { end.Key.Kind, end.Key.Status, Count = end.Value })));
        }

        return 0;
    }
}
