using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>One frame's part in a film: when it is seen and how the camera moves over it.</summary>
/// <param name="Number">The frame's number.</param>
/// <param name="Sha256">Of its picture.</param>
/// <param name="Fit">How the picture fills the film; decided.</param>
/// <param name="StartFrame">The first film frame in which it is seen, transitions included.</param>
/// <param name="FrameCount">For how many film frames it is seen, transitions included; 1 or more.</param>
/// <param name="Path">The camera's move over all of them.</param>
internal sealed record Shot(int Number, string Sha256, Fit Fit, int StartFrame, int FrameCount, MotionPath Path)
{
    /// <summary>What the camera sees at a film frame, taken at the middle of the time that the frame is shown.</summary>
    public View ViewAt(int filmFrame) => Path.At((filmFrame - StartFrame + 0.5) / FrameCount);
}

/// <summary>What a piece shows.</summary>
internal enum PieceKind
{
    /// <summary>The part in which one frame alone is seen.</summary>
    Clip,

    /// <summary>The transition from one frame to the next.</summary>
    Joint,
}

/// <summary>A part of a film that is rendered, encoded and stored by itself.</summary>
/// <param name="Kind">Clip or joint.</param>
/// <param name="Number">The frame's number; of a joint, that of the frame before it.</param>
/// <param name="StartFrame">Its first film frame, from 0.</param>
/// <param name="FrameCount">How many film frames it has, 1 or more.</param>
/// <param name="InputHash">SHA-256 of everything that goes in, 64 lower-case hex digits: equal hash, equal piece.</param>
/// <param name="Shots">The frame that is seen, or the two of a joint.</param>
internal sealed record Piece(PieceKind Kind, int Number, int StartFrame, int FrameCount, string InputHash, IReadOnlyList<Shot> Shots)
{
    /// <summary>The numbers of the frames that have to be at hand: one, or the two of a joint.</summary>
    public IEnumerable<int> FrameNumbers => Shots.Select(shot => shot.Number);

    /// <summary>Its name in the object store.</summary>
    public ObjectKey Key(UserId user, RequestId request) => Kind == PieceKind.Clip
        ? ObjectKeys.Clip(user, request, Number, InputHash)
        : ObjectKeys.Joint(user, request, Number, InputHash);

    /// <summary>The part of the second shot in film frame <paramref name="index"/> of a joint, above 0 and below 1, rising by equal steps from clip to clip.</summary>
    public double BlendAt(int index) => (index + 1.0) / (FrameCount + 1.0);

    /// <summary>Makes a piece and its hash. Positions count from each shot's own beginning, so that a piece does not care where in the film it stands.</summary>
    internal static Piece Create(PieceKind kind, int startFrame, int frameCount, Shot[] shots, string common)
    {
        var text = new StringBuilder(common);
        text.Append(CultureInfo.InvariantCulture, $"{kind} {frameCount}\n");
        foreach (var shot in shots)
        {
            var (from, to) = shot.Path;
            text.Append(CultureInfo.InvariantCulture, $"{shot.Sha256} {shot.Fit} {startFrame - shot.StartFrame}/{shot.FrameCount}")
                .Append(CultureInfo.InvariantCulture, $" {from.Left:R} {from.Top:R} {from.Size:R} {to.Left:R} {to.Top:R} {to.Size:R}\n");
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        return new Piece(kind, shots[0].Number, startFrame, frameCount, hash, shots);
    }
}
