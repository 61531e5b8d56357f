using System.Text;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>Texts and bytes that programs stumble over.</summary>
internal static class Odd
{
    /// <summary>Stands in texts that try to begin a line of a log of their own; nothing of it may be found there as it is.</summary>
    public const string Forged = "canary\r\n2026-01-01T00:00:00.000Z info Forged: canary";

    public static readonly string[] Texts =
    [
        "", " ", "\0", "\t", "null", "undefined", "NaN", "-1", "0", "1e999", "9223372036854775808", "../../etc/passwd", "..\\..\\windows\\win.ini", "%2e%2e%2f", "C:\\x", "\\\\host\\share", "CON", "nul.txt", "a/../b", "/",
        "//", "\u202e\u2066evil\u2069", "\u2028\u2029", "\ufeff", "\u0000\u0001\u001b[31m\u007f\u0085", Forged, "' OR '1'='1' --", "\"; DROP TABLE sessions; --", "$(id)", "`id`", "{{7*7}}", "${jndi:ldap://127.0.0.1/a}", "<script>alert(1)</script>",
        "%s%s%s%n", "é́", "雨", "😀", "👩‍👩‍👧‍👦", "İ", "ﬀ", "Ａ", "req_1700000000000_ab12cd34e", "vid_1700000000000_ab12cd34e", "session_1700000000000_ab12cd34e", "true", "[]", "{}", "\"", "\\", "'", ";", "&", "=", "?", "#", "+", "*", "a b",
        new('a', 300), new('é', 2000), new('0', 5000), "anna", "data:image/png;base64,AAAA", "data:,", "data:image/png;base64,", "data:text/html,<p>", "file:///etc/passwd", "http://127.0.0.1:1/", "http://[::1]/", "http://user:pass@example.org/", "http://", "javascript:alert(1)",
    ];

    /// <summary>A picture's bytes, whole or spoilt.</summary>
    public static byte[] Picture(Random random)
    {
        var whole = random.Next(3) switch { 0 => TestKit.Pictures.Png(40 + random.Next(30), 30), 1 => TestKit.Pictures.Jpeg(40 + random.Next(30), 30), _ => TestKit.Pictures.Webp(40 + random.Next(30), 30) };
        return random.Next(12) switch
        {
            0 => whole[..random.Next(whole.Length)],
            1 => TestKit.Pictures.PngBomb(60_000, 60_000),
            2 => TestKit.Pictures.PngBomb(random.Next(2) == 0 ? 0 : -1, random.Next(3) - 1),
            3 => [],
            4 => [.. Encoding.ASCII.GetBytes("GIF89a"), .. whole],
            5 => [.. whole, .. Encoding.ASCII.GetBytes("<script>alert(1)</script>PK\u0003\u0004")],
            6 => Spoil(random, whole, 1 + random.Next(20)),
            7 => Encoding.ASCII.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"file:///etc/passwd\"/></svg>"),
            8 => Noise(random, random.Next(3000)),
            _ => whole,
        };
    }

    public static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Changes some bytes.</summary>
    public static byte[] Spoil(Random random, byte[] bytes, int times)
    {
        var list = new List<byte>(bytes);
        for (var i = 0; i < times && list.Count > 0; i++)
        {
            var at = random.Next(list.Count);
            switch (random.Next(6))
            {
                case 0: list[at] = (byte)random.Next(256); break;
                case 1: list[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: list.RemoveAt(at); break;
                case 3: list.Insert(at, (byte)random.Next(256)); break;
                case 4: list.RemoveRange(at, Math.Min(list.Count - at, random.Next(16))); break;
                default: list.InsertRange(at, list.GetRange(at, Math.Min(list.Count - at, random.Next(32)))); break;
            }
        }

        return [.. list];
    }

    /// <summary>JSON that is none, or hardly.</summary>
    public static byte[] Json(Random random, byte[] valid)
    {
        var text = Encoding.UTF8.GetString(valid);
        return random.Next(24) switch
        {
            0 => valid[..random.Next(valid.Length + 1)],
            1 => Encoding.UTF8.GetBytes(new string('[', 1 + random.Next(20_000))),
            2 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 1 + random.Next(3000))) + "1"),
            3 => Encoding.UTF8.GetBytes(text + text),
            4 => [0xEF, 0xBB, 0xBF, .. valid],
            5 => Encoding.Unicode.GetBytes("\ufeff" + text),
            6 => Encoding.UTF32.GetBytes(text),
            7 => Encoding.BigEndianUnicode.GetBytes(text),
            8 => Encoding.UTF8.GetBytes(text.Replace("}", ",}", StringComparison.Ordinal)),
            9 => Encoding.UTF8.GetBytes("/* c */" + text + "// d"),
            10 => Encoding.UTF8.GetBytes(text.Replace(":", ":NaN,\"b\":", StringComparison.Ordinal)),
            11 => Encoding.UTF8.GetBytes(text.Replace("\"", "'", StringComparison.Ordinal)),
            12 => [.. valid[..(valid.Length / 2)], 0xC0, 0xAF, 0xED, 0xA0, 0x80, 0xFF, .. valid[(valid.Length / 2)..]],
            13 => Encoding.UTF8.GetBytes(text.Replace(":\"", ":\"\\ud800", StringComparison.Ordinal)),
            14 => Encoding.UTF8.GetBytes(text.Replace(":\"", ":\"\\u0000\\u001b\\u202e\\r\\n", StringComparison.Ordinal)),
            15 => Encoding.UTF8.GetBytes(text.Insert(Math.Min(1, text.Length), "\"requestId\":\"req_1_a\",\"requestId\":null,")),
            16 => Encoding.UTF8.GetBytes(text.Insert(Math.Min(1, text.Length), "\"__proto__\":{},\"$type\":\"System.Diagnostics.Process\",\"$ref\":\"1\",\"\":1,")),
            17 => Encoding.UTF8.GetBytes(random.Next(8) switch { 0 => "null", 1 => "true", 2 => "0", 3 => "\"\"", 4 => "[]", 5 => "{}", 6 => "[null]", _ => " " }),
            18 => Noise(random, random.Next(400)),
            19 => [0],
            20 => Encoding.UTF8.GetBytes(text.Replace("1", "1" + new string('0', 400), StringComparison.Ordinal)),
            21 => Encoding.UTF8.GetBytes(text.Replace("1", "-1e-99999999999", StringComparison.Ordinal)),
            22 => Encoding.UTF8.GetBytes(text.ToUpperInvariant()),
            _ => Spoil(random, valid, 1 + random.Next(8)),
        };
    }
}
