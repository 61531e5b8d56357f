using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FrameVideo.Contracts;

namespace VideoService.Rendering;

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
/// <param name="Joint">The transition; null for a clip.</param>
internal sealed record Piece(PieceKind Kind, int Number, int StartFrame, int FrameCount, string InputHash, IReadOnlyList<Shot> Shots, Joint? Joint)
{
    /// <summary>
    /// Film frames of its beginning that are encoded by themselves, so that they play while the rest is rendered; 0 for none. It goes into the hash: a key frame stands where the rest begins.
    /// </summary>
    public int Head { get; private init; }

    /// <summary>The two parts of a piece with a head.</summary>
    public (Piece Head, Piece Tail) Split() =>
        (this with { FrameCount = Head, Head = 0 }, this with { StartFrame = StartFrame + Head, FrameCount = FrameCount - Head, Head = 0 });

    /// <summary>The numbers of the frames that have to be at hand: one, or the two of a joint.</summary>
    public IEnumerable<int> FrameNumbers => Shots.Select(shot => shot.Number);

    /// <summary>Its name in the object store; <paramref name="extension"/> is that of the film's files.</summary>
    public ObjectKey Key(UserId user, RequestId request, string extension) => Kind == PieceKind.Clip
        ? ObjectKeys.Clip(user, request, Number, InputHash, extension)
        : ObjectKeys.Joint(user, request, Number, InputHash, extension);

    /// <summary>The part in which one shot alone is seen.</summary>
    internal static Piece Clip(Shot shot, int startFrame, int frameCount, string common, int head = 0)
    {
        var inputs = head == 0 ? shot.Inputs(startFrame) : string.Create(CultureInfo.InvariantCulture, $"head {head}\n{shot.Inputs(startFrame)}");
        return new(PieceKind.Clip, shot.Number, startFrame, frameCount, Hash(common, PieceKind.Clip, frameCount, inputs), [shot], null) { Head = head };
    }

    /// <summary>A transition that takes time.</summary>
    internal static Piece Between(Joint joint, Shot shot, Shot next, string common)
    {
        var inputs = joint.Inputs() + shot.Inputs(joint.StartFrame) + next.Inputs(joint.StartFrame);
        return new(PieceKind.Joint, shot.Number, joint.StartFrame, joint.FrameCount, Hash(common, PieceKind.Joint, joint.FrameCount, inputs), [shot, next], joint);
    }

    private static string Hash(string common, PieceKind kind, int frameCount, string inputs) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{common}{kind} {frameCount}\n{inputs}"))));
}
