using FrameVideo.Local.CommandLine;
using FrameVideo.Local.Pair;

namespace FrameVideo.Local.Serving;

/// <summary>The command without a prompt: the pair, until somebody ends it.</summary>
internal static class ServePair
{
    public static async Task<int> RunAsync(ServeCommand command, Interruption interruption)
    {
        var path = Path.GetFullPath(command.Data ?? Installation.DefaultData);
        using var folder = DataFolder.TryTake(path) ?? throw Held(path);
        var port = command.Port ?? Ports.Default;
        Ports.Demand(port);
        var ffmpeg = await Programs.FfmpegAsync(interruption.Token);
        await using var pair = await RunningPair.StartAsync(new PairSettings(path, folder.Logs, ffmpeg, port, PortIsChosen: true), interruption);
        folder.Announce(new PairNote(pair.Address, Environment.ProcessId, Serves: true));
        Print(pair, folder);

        var ended = new TaskCompletionSource();
        await using var asked = interruption.Token.Register(ended.SetResult);
        if (await Task.WhenAny(ended.Task, pair.Died) == pair.Died) throw await pair.Died;
        // Ctrl-C is how serving ends, so this is no failure.
        Console.Out.WriteLine("Stopping.");
        return 0;
    }

    private static PlainFailure Held(string path) => DataFolder.ReadNote(path) is { } note
        ? new PlainFailure($"The data folder {path} is in use: process {note.ProcessId} {(note.Serves ? "serves" : "makes a film")} on {note.Address}; end it, or choose another folder with --data.")
        : new PlainFailure($"Another FrameVideo uses the data folder {path}; end it, or choose another folder with --data.");

    private static void Print(RunningPair pair, DataFolder folder)
    {
        var paint = Terminal.OfOutput;
        var door = pair.Address.GetLeftPart(UriPartial.Authority);
        Console.Out.WriteLine();
        Console.Out.WriteLine($"  {paint.Bold(paint.Green(door + "/"))}  make a film in the browser");
        Console.Out.WriteLine($"  {paint.Bold(door + "/swagger")}  the API, to read and to try");
        Console.Out.WriteLine();
        foreach (var process in pair.Processes.Skip(1)) Console.Out.WriteLine($"  {process.Name}  {process.Address.GetLeftPart(UriPartial.Authority)}");
        Console.Out.WriteLine($"  Data          {folder.FullPath}");
        Console.Out.WriteLine($"  Logs          {folder.Logs}");
        foreach (var makers in pair.Makers) Console.Out.WriteLine($"  Made by       {makers}");
        Console.Out.WriteLine();
        Console.Out.WriteLine(paint.Dim("  Ctrl-C ends it."));
    }
}
