using FrameVideo.Local.CommandLine;
using FrameVideo.Local.Film;
using FrameVideo.Local.Proving;
using FrameVideo.Local.Serving;

namespace FrameVideo.Local;

/// <summary>From arguments to an exit code; every failure becomes one sentence here.</summary>
internal static class App
{
    /// <summary>Runs one command.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        using var interruption = new Interruption();
        try
        {
            return ArgumentParser.Parse(args) switch
            {
                ShowHelp => Print(Help.Text),
                ShowVersion => Print(Help.Version),
                ServeCommand serve => await ServePair.RunAsync(serve, interruption),
                ProveCommand prove => await Prove.RunAsync(prove, interruption),
                FilmCommand film => await MakeFilm.RunAsync(film, interruption),
                var other => throw new InvalidOperationException($"No such command: {other}"),
            };
        }
        catch (Exception) when (interruption.Requested)
        {
            // Whatever failed after that failed because of it.
            return Fail("Stopped, as asked; nothing is left running.", interruption.ExitCode);
        }
        catch (PlainFailure failure)
        {
            return Fail(failure.Message, failure.ExitCode);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fail($"A file cannot be used: {PlainFailure.Reason(error)}", PlainFailure.General);
        }
        catch (Exception error) when (Environment.GetEnvironmentVariable("FRAMEVIDEO_TRACE") != "1")
        {
            return Fail($"This should not have happened: {PlainFailure.Reason(error)} (FRAMEVIDEO_TRACE=1 shows where.)", PlainFailure.General);
        }
    }

    private static int Print(string text)
    {
        Console.Out.WriteLine(text);
        return 0;
    }

    private static int Fail(string sentence, int exitCode)
    {
        Console.Error.WriteLine(Terminal.OfErrors.Red(sentence));
        return exitCode;
    }
}
