using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Security.Cryptography;

namespace FrameVideo.TestKit;

/// <summary>Large PNGs, each different and all valid, that cost next to nothing to make: a small picture with a private chunk of noise that all share, and one with its number.</summary>
public sealed class LargePictures
{
    private static readonly byte[] Small = Pictures.Png();
    private readonly byte[] _noise;

    /// <summary>Pictures of about so many bytes.</summary>
    public LargePictures(int bytes) => _noise = Chunk(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>A picture as pieces, to be sent one after the other.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces(int number)
    {
        var own = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(own, number);

        // Before the last chunk, IEND, which has 12 bytes.
        return [Small.AsMemory(..^12), Chunk(own), _noise, Small.AsMemory(^12..)];
    }

    /// <summary>A picture as the body of a request.</summary>
    public HttpContent Body(int number) => new PiecesContent(Pieces(number));

    private static byte[] Chunk(byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        "noIs"u8.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), Crc32.HashToUInt32(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    private sealed class PiecesContent : HttpContent
    {
        private readonly IReadOnlyList<ReadOnlyMemory<byte>> _pieces;

        public PiecesContent(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
        {
            _pieces = pieces;
            Headers.ContentType = new("image/png");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var piece in _pieces) await stream.WriteAsync(piece);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _pieces.Sum(piece => (long)piece.Length);
            return true;
        }
    }
}
