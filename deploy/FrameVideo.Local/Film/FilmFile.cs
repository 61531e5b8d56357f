using FrameVideo.Contracts;
using FrameVideo.Local.Client;

namespace FrameVideo.Local.Film;

/// <summary>Where the film goes on this machine. It appears there whole or not at all.</summary>
internal sealed class FilmFile
{
    private const int MostLetters = 40;
    private readonly string? _chosen;

    private FilmFile(string? chosen) => _chosen = chosen;

    /// <summary>Checks that the place can be written, before anybody works for it.</summary>
    /// <exception cref="PlainFailure">It cannot.</exception>
    public static FilmFile At(string? chosen)
    {
        var folder = chosen is null ? Path.GetFullPath("films") : Path.GetDirectoryName(Path.GetFullPath(chosen))!;
        try
        {
            if (chosen is not null && Directory.Exists(chosen)) throw new PlainFailure($"{chosen} is a folder; --out names the film's file.");
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".framevideo-{Environment.ProcessId}.part");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw PlainFailure.OfFile(chosen ?? folder, error);
        }

        return new FilmFile(chosen);
    }

    /// <summary>Fetches the film over HTTP.</summary>
    public async Task<string> SaveAsync(PairClient pair, Video video, string? title, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(_chosen ?? Path.Combine("films", $"{Slug(title)}-{video.RequestId}.{(video.Format == VideoFormat.WebM ? "webm" : "mp4")}"));
        var part = $"{path}.{Environment.ProcessId}.part";
        try
        {
            using var answer = await pair.OpenAsync(video.Links.Content!, cancellation);
            await using (var file = File.Create(part)) await answer.Content.CopyToAsync(file, cancellation);
            File.Move(part, path, overwrite: true);
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PlainFailure($"{PlainFailure.OfFile(path, error).Message} The film itself is kept, as {video.Id} of {video.RequestId}.", PlainFailure.General, error);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>A title as part of a file name: letters and digits joined by dashes.</summary>
    public static string Slug(string? title)
    {
        var words = new string([.. (title ?? "").ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : ' ')]);
        var text = "";
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (text.Length > 0 && text.Length + word.Length >= MostLetters) break;
            text += text.Length == 0 ? word[..Math.Min(word.Length, MostLetters)] : $"-{word}";
        }

        return text.Length == 0 ? "film" : text;
    }
}
