using FrameVideo.Local.Client;
using FrameVideo.Local.CommandLine;
using FrameVideo.Local.Pair;

namespace FrameVideo.Local.Proving;

/// <summary>Shows in about a minute why FrameVideo exists: what used to go wrong, done live against both services. It leaves nothing behind.</summary>
internal static class Prove
{
    private const string Prefix = "framevideo-prove-";

    private const string Preface = """
        FrameVideo, proved on this machine

        Two services make a film. FrameService turns a prompt into pictures; VideoService turns the pictures into a film.
        Both know a piece of work by one request ID, and that ID is all that passes between them. Everything below
        happens now: both services run as processes of their own, and are asked over HTTP as any client would ask them.
        """;

    public static async Task<int> RunAsync(ProveCommand command, Interruption interruption)
    {
        _ = command;
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var ffmpeg = await Programs.FfmpegAsync(interruption.Token);
        TemporaryFolder.Sweep(Prefix, DataFolder.IsHeld, clock.GetUtcNow().AddMinutes(-10));
        using var folder = TemporaryFolder.Create(Prefix);
        using var held = DataFolder.TryTake(folder.FullPath);
        Console.Out.WriteLine(Preface);
        var settings = new PairSettings(folder.FullPath, Path.Combine(folder.FullPath, "logs"), ffmpeg, OutageFile: ProofRun.OutageFileIn(folder.FullPath));
        await using var services = await RunningPair.StartAsync(settings, interruption);
        using var pair = new PairClient(services.Address, user: null, clock);
        using var work = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        var checks = new Checklist(Console.Out);
        var scenarios = ScenariosAsync(new ProofRun(pair, folder.FullPath, checks, clock), work.Token);
        if (await Task.WhenAny(scenarios, services.Died) != scenarios)
        {
            await work.CancelAsync();
            await scenarios.ContinueWith(_ => { }, TaskScheduler.Default);
            throw await services.Died;
        }

        try
        {
            await scenarios;
        }
        catch (CheckFailed failed)
        {
            throw new PlainFailure($"This did not hold: {failed.Message}.", PlainFailure.General, failed);
        }
        catch (Exception error) when (error is Refusal or HttpRequestException)
        {
            throw new PlainFailure($"The pair answered otherwise than expected: {error.Message}", PlainFailure.General, error);
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine(Terminal.OfOutput.Bold($"All {checks.Held} checks held, in {clock.GetElapsedTime(began).TotalSeconds:0} s."));
        return 0;
    }

    private static async Task ScenariosAsync(ProofRun run, CancellationToken cancellation)
    {
        var first = await FoundAtOnce.RunAsync(run, cancellation);
        var session = await StorageCut.RunAsync(run, cancellation);
        var video = await FilmOfThem.RunAsync(run, session, cancellation);
        await SameId.RunAsync(run, session, video, cancellation);
        if (Backends.OutliveTheFolder) await NothingLeft.RunAsync(run, [first, session], video, cancellation);
    }
}
