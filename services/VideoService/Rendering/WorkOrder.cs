namespace VideoService.Rendering;

/// <summary>In which order pieces are best rendered.</summary>
internal static class WorkOrder
{
    /// <summary>Joints that are held back to the end: their pictures, one more, are still kept by then (<see cref="RenderingOptions.CachedPictures"/>).</summary>
    private const int Held = 5;

    /// <summary>
    /// That of the film, so that few pictures are held at a time; but a joint comes after the clip that follows it, and finds both of its pictures decoded. The last joints come after
    /// all clips: the shorter the last pieces are, the less does one core wait for another. Not so for who watches the film meanwhile.
    /// </summary>
    /// <param name="pieces">The film's.</param>
    /// <param name="isWatched">Whether the film is played while it is rendered.</param>
    public static IEnumerable<Piece> Of(IReadOnlyList<Piece> pieces, bool isWatched = false) => Of(pieces, piece => piece.Kind == PieceKind.Joint, isWatched);

    /// <summary>The same of whatever stands for the pieces of a film, all of them, in its order.</summary>
    public static IEnumerable<T> Of<T>(IReadOnlyList<T> pieces, Func<T, bool> isJoint, bool isWatched)
    {
        var held = isWatched ? [] : pieces.Index().Where(piece => isJoint(piece.Item)).TakeLast(Held).Select(piece => piece.Index).ToHashSet();
        return pieces.Index().OrderBy(piece => held.Contains(piece.Index) ? pieces.Count + piece.Index : piece.Index + (isJoint(piece.Item) ? 1.5 : 0)).Select(piece => piece.Item);
    }
}
