using FrameVideo.Local.Client;
using FrameVideo.Local.CommandLine;
using FrameVideo.Local.Pair;

namespace FrameVideo.Local.Film;

/// <summary>The one-shot command: a pair, a film, the end.</summary>
internal static class MakeFilm
{
    public static async Task<int> RunAsync(FilmCommand command, Interruption interruption)
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var pictures = Picture.OpenAll(command.Images);
        var file = FilmFile.At(command.Out);
        await using var access = await PairAccess.OpenAsync(command, interruption);
        using var pair = new PairClient(access.Address, command.User, clock);
        // A pair that dies under the work ends it, with its own last words; so does a disk that is full.
        using var work = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        var film = ProgressBoard.RunAsync(board => new FilmWork(pair, command, pictures, file, board, clock).RunAsync(work.Token));
        var broken = access.WhenBrokenAsync(clock, work.Token);
        if (await Task.WhenAny(film, broken) == broken && !interruption.Requested)
        {
            await work.CancelAsync();
            await film.ContinueWith(_ => { }, TaskScheduler.Default);
            throw await broken;
        }

        Print(await OrSentence(film), access, clock.GetElapsedTime(began));
        return 0;
    }

    private static async Task<FinishedFilm> OrSentence(Task<FinishedFilm> film)
    {
        try
        {
            return await film;
        }
        catch (Refusal refusal)
        {
            throw new PlainFailure(refusal.Message, PlainFailure.General, refusal);
        }
        catch (HttpRequestException error)
        {
            throw new PlainFailure("The pair has stopped answering.", PlainFailure.General, error);
        }
    }

    private static void Print(FinishedFilm film, PairAccess access, TimeSpan took)
    {
        var (session, video, path) = film;
        var paint = Terminal.OfOutput;
        var shown = Path.GetRelativePath(Environment.CurrentDirectory, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
        // Bars end with an empty line of their own.
        if (!paint.IsLive) Console.Out.WriteLine();
        Console.Out.WriteLine($"{paint.Bold("Film")}        {paint.Green(shown)}");
        Console.Out.WriteLine($"            {video.Duration:0.0##} s, {video.Width}x{video.Height}, {video.Fps} frames a second, {new FileInfo(path).Length / 1e6:0.0} MB; made in {took.TotalSeconds:0} s");
        Console.Out.WriteLine($"{paint.Bold("Request ID")}  {paint.Cyan(session.RequestId.ToString())}");
        Console.Out.WriteLine($"{paint.Bold("Session")}     {session.Links.Self}");
        Console.Out.WriteLine($"{paint.Bold("Video")}       {video.Links.Self}");
        Console.Out.WriteLine($"{paint.Bold("To watch")}    {video.Links.Content}");
        if (!access.IsOwn) return;
        var command = access.Address.Port == Ports.Default ? "./deploy/run" : $"./deploy/run --port {access.Address.Port}";
        Console.Out.WriteLine(paint.Dim($"            The links answer while the pair runs: {command}"));
    }
}
