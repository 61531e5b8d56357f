using System.Buffers.Binary;
using System.Text;

namespace FrameVideo.TestKit.Telemetry;

/// <summary>A message of protocol buffers, read without its schema: fields by their numbers.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public ProtoMessage(ReadOnlyMemory<byte> content)
    {
        while (!content.IsEmpty)
        {
            var tag = Varint(ref content);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add((number, Varint(ref content), default));
                    break;
                case 1:
                    _fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(content.Span), default));
                    content = content[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref content);
                    _fields.Add((number, 0, content[..length]));
                    content = content[length..];
                    break;
                case 5:
                    _fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(content.Span), default));
                    content = content[4..];
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} is none of protocol buffers' 3.");
            }
        }
    }

    public bool Has(int number) => _fields.Exists(field => field.Number == number);

    public ulong Number(int number) => _fields.LastOrDefault(field => field.Number == number).Value;

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Number(number));

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).Span);

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number).Span);

    public ReadOnlyMemory<byte> Bytes(int number) => _fields.LastOrDefault(field => field.Number == number).Bytes;

    public IEnumerable<ProtoMessage> Messages(int number) => _fields.Where(field => field.Number == number).Select(field => new ProtoMessage(field.Bytes));

    private static ulong Varint(ref ReadOnlyMemory<byte> content)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var one = content.Span[0];
            content = content[1..];
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80) return value;
            shift += 7;
        }
    }
}
