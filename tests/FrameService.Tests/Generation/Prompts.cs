namespace FrameService.Tests.Generation;

/// <summary>What people and worse type into a prompt.</summary>
internal static class Prompts
{
    public static readonly string[] Hostile =
    [
        "   ", "\u0000\u0001\u0007\u001b[31m", "\ud800 lone \udfff surrogates", "\u202eright to left override", "🐉🔥🏰", "👨‍👩‍👧‍👦 family", "مركب ورقي يعبر البحر في العاصفة", "סירת נייר בים",
        "紙の船が嵐の海を渡り、灯台を見つける", "กระเรือกระดาษข้ามทะเล", "<script>alert(1)</script>'; DROP TABLE frames;--", "{S} {0} %s %n ${x}", "....", "!!!???", "a", "\n\n\n", "…", "﷽",
        new('x', 10_000), string.Concat(Enumerable.Repeat("word ", 2_000)), string.Concat(Enumerable.Repeat("Ein Satz. ", 1_000)), "Z" + new string('\u0301', 3_000), "and and and, then, then; who", "-1e308", "\uffff\ufffe\ufdd0",
    ];
}
