using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Security.Cryptography;

namespace FrameVideo.TestKit;

/// <summary>Large PNGs, each different and all valid, that cost next to nothing to make: rows of noise that all share, and a last one with the picture's number.</summary>
/// <remarks>The rows are not compressed: each is a stored block of deflate (RFC 1951, section 3.2.4) in a zlib stream (RFC 1950).</remarks>
public sealed class LargePictures
{
    private const int Width = 1000;
    private const int RowBytes = 1 + 3 * Width;
    private const int BlockHead = 5;
    private readonly byte[] _head;
    private readonly byte[] _noise;
    private readonly (uint A, uint B) _adler = (1, 0);

    /// <summary>Pictures of about so many bytes.</summary>
    public LargePictures(int bytes)
    {
        var rows = Math.Max(1, bytes / RowBytes);
        var data = RandomNumberGenerator.GetBytes(2 + rows * (BlockHead + RowBytes));
        (data[0], data[1]) = (0x78, 0x01);
        for (var y = 0; y < rows; y++)
        {
            var row = Row(data.AsSpan(2 + y * (BlockHead + RowBytes)), isLast: false);
            _adler = Adler(_adler, row);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), rows + 1);
        // Eight bits for each of red, green and blue.
        (header[8], header[9]) = (8, 2);
        _head = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR"u8, header)];
        _noise = Chunk("IDAT"u8, data);
    }

    /// <summary>A picture as pieces, to be sent one after the other.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces(int number)
    {
        var last = new byte[BlockHead + RowBytes + 4];
        BinaryPrimitives.WriteInt32BigEndian(last.AsSpan(BlockHead + 1), number);
        var (a, b) = Adler(_adler, Row(last, isLast: true));
        BinaryPrimitives.WriteUInt32BigEndian(last.AsSpan(^4), b << 16 | a);
        return [_head, _noise, Chunk("IDAT"u8, last), Chunk("IEND"u8, [])];
    }

    /// <summary>A picture as the body of a request.</summary>
    public HttpContent Body(int number) => new PiecesContent(Pieces(number));

    /// <summary>Puts the block's head before a row, and "no filter" at its beginning.</summary>
    private static ReadOnlySpan<byte> Row(Span<byte> block, bool isLast)
    {
        block[0] = (byte)(isLast ? 1 : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(block[1..], RowBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(block[3..], unchecked((ushort)~RowBytes));
        block[BlockHead] = 0;
        return block.Slice(BlockHead, RowBytes);
    }

    // RFC 1950, section 8.2. The sums of one row do not overflow.
    private static (uint A, uint B) Adler((uint A, uint B) sums, ReadOnlySpan<byte> bytes)
    {
        var (a, b) = sums;
        foreach (var value in bytes) b += a += value;
        return (a % 65521, b % 65521);
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
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
