using VideoService.Rendering;
using VideoService.Videos;

namespace VideoService.Clips;

/// <summary>The files of a film's clips, each brought from the store once and when it is needed. Safe for use from many threads.</summary>
internal sealed class FootageFiles(PlannedFilm planned, RenderFolder folder, ObtainClips clips) : IDisposable
{
    private readonly SemaphoreSlim _fetching = new(1);

    /// <summary>Brings what a piece shows.</summary>
    public async Task FetchAsync(Piece piece, CancellationToken cancellationToken)
    {
        foreach (var shot in piece.Shots.Where(shot => shot.Footage is not null))
        {
            await _fetching.WaitAsync(cancellationToken);
            try
            {
                if (!File.Exists(PathOf(shot.Number))) await clips.FetchAsync(planned.Footage[shot.Number], PathOf(shot.Number), cancellationToken);
            }
            finally
            {
                _fetching.Release();
            }
        }
    }

    /// <summary>The file of a frame's clip.</summary>
    public string PathOf(int number) => folder.Clip(planned.Footage[number].InputHash);

    /// <inheritdoc/>
    public void Dispose() => _fetching.Dispose();
}
