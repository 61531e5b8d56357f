namespace VideoService.Rendering;

/// <summary>In which order pieces are best rendered.</summary>
internal static class WorkOrder
{
    /// <summary>
    /// That of the film, so that its beginning can be seen first and few pictures are held at a time; but a joint comes after the clip that follows it. It then finds both of
    /// its pictures decoded, and the last piece is a short one: no core waits long for another.
    /// </summary>
    public static IEnumerable<Piece> Of(IReadOnlyList<Piece> pieces) => Of(pieces, piece => piece.Kind == PieceKind.Joint);

    /// <summary>The same of whatever stands for the pieces of a film, all of them, in its order.</summary>
    public static IEnumerable<T> Of<T>(IReadOnlyList<T> pieces, Func<T, bool> isJoint) => pieces.Index().OrderBy(piece => piece.Index + (isJoint(piece.Item) ? 1.5 : 0)).Select(piece => piece.Item);
}
