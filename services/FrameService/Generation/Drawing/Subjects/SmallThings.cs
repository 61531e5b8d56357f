using static FrameService.Generation.Drawing.Subjects.Part;
using K = FrameService.Generation.Reading.SubjectKind;

namespace FrameService.Generation.Drawing.Subjects;

internal static class SmallThings
{
    public static readonly Dictionary<K, SubjectArt> All = new()
    {
        [K.Key] = new(0.4f,
            Body("M50,0 C70,0 80,14 80,26 C80,40 68,48 56,50 L56,98 L72,98 L72,88 L64,88 L64,82 L76,82 L76,72 L56,72 L56,100 L44,100 L44,50 C32,48 20,40 20,26 C20,14 30,0 50,0 Z", 0xC9A04A),
            new("o50,26,14", 0x5A4A30)),
        [K.Crown] = new(0.4f,
            Body("M8,96 L0,40 L26,64 L50,26 L74,64 L100,40 L92,96 Z", 0xE2B33C),
            new("o0,38,5;o50,22,6;o100,38,5", 0xF4D878),
            new("b8,84,84,8", 0xA8372E),
            Glow("o30,88,3;o50,88,3.4;o70,88,3", 0xBFEFFF)),
        [K.Heart] = new(0.6f,
            Body("M50,96 C10,66 -4,44 4,24 C12,4 40,4 50,28 C60,4 88,4 96,24 C104,44 90,66 50,96 Z", 0xD0354A),
            Shade("M18,26 C24,14 36,16 40,26 C32,24 24,28 20,40 C16,36 16,30 18,26 Z", 0x70FFFFFF))
        { Aloft = true },
        [K.Gift] = new(0.48f,
            Body("b6,44,88,54;b0,30,100,18", 0x3F7A86),
            new("b42,30,16,68", 0xE9C25A),
            new("M50,30 C36,2 8,10 22,28 Z;M50,30 C64,2 92,10 78,28 Z", 0xE9C25A),
            Shade("b6,48,88,5", 0x38000000)),
        [K.Chest] = new(0.5f,
            Body("M-6,62 L106,62 L102,100 L-2,100 Z", 0x7A4E2C),
            Body("M-8,58 C-8,22 108,22 108,58 Z", 0x8A5A34),
            new("M12,31 L20,28 L20,100 L12,100 Z;M80,28 L88,31 L88,100 L80,100 Z;b-8,56,116,7", 0xC9A04A),
            Glow("M-4,57 L104,57 L104,60 L-4,60 Z", 0xFFE08A),
            new("M42,54 L58,54 L58,70 L50,76 L42,70 Z", 0xE2BE5A),
            new("o50,63,3;b49,63,2,6", 0x3A2A18))
        { Lamp = new(50, 56) },
        [K.Kite] = new(0.75f,
            Line("M50,98 C40,112 62,122 48,136 C38,148 60,158 50,172;M50,46 C30,120 -10,190 -60,260", 0x5A4A42, 0.9f),
            Body("M50,-6 L92,42 L50,98 L8,42 Z", 0xD0452E),
            Shade("M50,-6 L92,42 L50,42 Z;M50,42 L8,42 L50,98 Z", 0x48FFE9A0),
            Line("M50,-6 L50,98;M8,42 L92,42", 0x5A4332, 1.4f),
            new("M50,112 L40,106 L40,118 Z;M50,112 L60,106 L60,118 Z;M50,142 L40,136 L40,148 Z;M50,142 L60,136 L60,148 Z", 0x3F7A86))
        { Aloft = true },
        [K.Letter] = new(0.36f,
            Body("b-8,36,116,64", 0xF6F0E0),
            Shade("M-8,100 L42,66 L58,66 L108,100 Z", 0x18302820),
            Line("M-8,36 L50,76 L108,36", 0xB8AC94, 1.6f),
            new("o50,74,8", 0xB0342C)),
        [K.Ball] = new(0.36f,
            Body("o50,60,40", 0xF2F2EE),
            new("M50,44 L64,54 L59,70 L41,70 L36,54 Z;M50,20 C58,20 64,22 68,25 L58,32 L42,32 L32,25 C36,22 42,20 50,20 Z;M14,46 L22,56 L18,72 C12,66 9,56 14,46 Z;M86,46 L78,56 L82,72 C88,66 91,56 86,46 Z;M34,96 L40,86 L60,86 L66,96 C56,101 44,101 34,96 Z", 0x26282C)),
        [K.Bottle] = new(0.5f,
            Body("M42,4 L58,4 L58,34 C70,40 74,48 74,58 L74,94 C74,98 71,100 68,100 L32,100 C29,100 26,98 26,94 L26,58 C26,48 30,40 42,34 Z", 0x4E8A72),
            new("b41,-6,18,11", 0xB08A5A),
            Shade("M32,56 C32,48 36,44 42,42 L42,92 L34,92 C32,90 32,74 32,56 Z", 0x50FFFFFF),
            Glow("M28,66 L72,66 L72,94 C72,97 70,98 68,98 L32,98 C30,98 28,97 28,94 Z", 0x9FE8B4))
        { Lamp = new(50, 82) },
    };
}
