using System.Globalization;
using System.Text;

namespace VideoService.Rendering;

/// <summary>
/// The order in which text of both directions is read: the Unicode Bidirectional Algorithm (UAX 9) for one paragraph, without explicit embeddings and isolates, which captions do not have: rules P2-P3, W1-W7, N1-N2, I1-I2, L1-L2.
/// Classes are those of the character database for what people write: letters of right-to-left blocks, Arabic and European digits, signs, marks; the rest is left to right or neutral by its general category.
/// </summary>
internal static class Bidi
{
    private enum Class
    {
        L, R, AL, EN, ES, ET, AN, CS, NSM, WS, ON,
    }

    /// <summary>The level of each UTF-16 code unit; odd is right to left.</summary>
    public static byte[] Levels(string text, out bool isRightToLeft)
    {
        var classes = new Class[text.Length];
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            var found = Of(rune);
            for (var end = i + length; i < end; i++) classes[i] = found;
        }

        isRightToLeft = classes.FirstOrDefault(one => one is Class.L or Class.R or Class.AL) is Class.R or Class.AL;
        var paragraph = (byte)(isRightToLeft ? 1 : 0);
        var spaces = classes.Select(one => one == Class.WS).ToArray();
        Weak(classes, isRightToLeft ? Class.R : Class.L);
        Neutral(classes, isRightToLeft ? Class.R : Class.L);
        var levels = new byte[text.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = (byte)(paragraph + classes[i] switch
            {
                Class.R => paragraph == 0 ? 1 : 0,
                Class.AN or Class.EN => paragraph == 0 ? 2 : 1,
                _ => paragraph == 0 ? 0 : 1,
            });
        }

        for (var i = levels.Length - 1; i >= 0 && spaces[i]; i--) levels[i] = paragraph;
        return levels;
    }

    /// <summary>The order from left to right in which runs of these levels stand on a line (rule L2).</summary>
    public static int[] Order(IReadOnlyList<byte> levels)
    {
        var order = Enumerable.Range(0, levels.Count).ToArray();
        for (var level = levels.DefaultIfEmpty((byte)0).Max(); level > 0; level--)
        {
            for (var i = 0; i < order.Length; i++)
            {
                if (levels[order[i]] < level) continue;
                var end = i;
                while (end < order.Length && levels[order[end]] >= level) end++;
                Array.Reverse(order, i, end - i);
                i = end;
            }
        }

        return order;
    }

    private static void Weak(Class[] classes, Class paragraph)
    {
        var before = paragraph;
        for (var i = 0; i < classes.Length; i++)
        {
            // W1: a mark is what it stands on.
            if (classes[i] == Class.NSM) classes[i] = before;
            before = classes[i];
        }

        var strong = paragraph;
        for (var i = 0; i < classes.Length; i++)
        {
            // W2: digits after Arabic letters.
            if (classes[i] is Class.L or Class.R or Class.AL) strong = classes[i];
            else if (classes[i] == Class.EN && strong == Class.AL) classes[i] = Class.AN;
        }

        for (var i = 0; i < classes.Length; i++)
        {
            // W3, W4: one sign between two numbers of a kind.
            if (classes[i] == Class.AL) classes[i] = Class.R;
            if (i == 0 || i == classes.Length - 1 || classes[i - 1] != classes[i + 1]) continue;
            if ((classes[i] is Class.ES or Class.CS && classes[i - 1] == Class.EN) || (classes[i] == Class.CS && classes[i - 1] == Class.AN)) classes[i] = classes[i - 1];
        }

        for (var i = 0; i < classes.Length;)
        {
            // W5: signs at a number.
            if (classes[i] != Class.ET)
            {
                i++;
                continue;
            }

            var end = i;
            while (end < classes.Length && classes[end] == Class.ET) end++;
            var isNumber = (i > 0 && classes[i - 1] == Class.EN) || (end < classes.Length && classes[end] == Class.EN);
            for (; i < end; i++) classes[i] = isNumber ? Class.EN : Class.ON;
        }

        strong = paragraph;
        for (var i = 0; i < classes.Length; i++)
        {
            // W6, W7.
            if (classes[i] is Class.ES or Class.ET or Class.CS) classes[i] = Class.ON;
            if (classes[i] is Class.L or Class.R) strong = classes[i];
            else if (classes[i] == Class.EN && strong == Class.L) classes[i] = Class.L;
        }
    }

    private static void Neutral(Class[] classes, Class paragraph)
    {
        for (var i = 0; i < classes.Length;)
        {
            // N1, N2: between two of one direction they are of that, else of the paragraph's. Numbers count as right to left.
            if (classes[i] is not (Class.ON or Class.WS))
            {
                i++;
                continue;
            }

            var end = i;
            while (end < classes.Length && classes[end] is Class.ON or Class.WS) end++;
            var (left, right) = (i == 0 ? paragraph : Side(classes[i - 1]), end == classes.Length ? paragraph : Side(classes[end]));
            for (; i < end; i++) classes[i] = left == right ? left : paragraph;
        }

        static Class Side(Class one) => one is Class.L ? Class.L : Class.R;
    }

    private static Class Of(Rune rune) => rune.Value switch
    {
        >= '0' and <= '9' or (>= 0x06F0 and <= 0x06F9) or (>= 0x2070 and <= 0x2079) or (>= 0x2080 and <= 0x2089) or 0x00B2 or 0x00B3 or 0x00B9 => Class.EN,
        '+' or '-' or 0x2212 => Class.ES,
        '#' or '%' or 0x00B0 or 0x00B1 or 0x2030 or 0x066A => Class.ET,
        ',' or '.' or '/' or ':' or 0x00A0 or 0x060C or 0x202F => Class.CS,
        (>= 0x0660 and <= 0x0669) or 0x066B or 0x066C or (>= 0x0600 and <= 0x0605) or 0x06DD => Class.AN,
        0x200E => Class.L,
        0x200F => Class.R,
        0x061C => Class.AL,
        0x200D or 0x200C or (>= 0xFE00 and <= 0xFE0F) => Class.NSM,
        _ => ByCategory(rune),
    };

    private static Class ByCategory(Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) return Class.NSM;
        if (category == UnicodeCategory.CurrencySymbol) return Class.ET;
        if (category is UnicodeCategory.SpaceSeparator) return Class.WS;
        var isLetter = Rune.IsLetter(rune) || category is UnicodeCategory.SpacingCombiningMark;
        if (isLetter || rune.Value is 0x05BE or 0x05C0 or 0x05C3 or 0x061B or 0x061F or 0x066D or 0x06D4)
        {
            return rune.Value switch
            {
                (>= 0x0590 and <= 0x05FF) or (>= 0x07C0 and <= 0x085F) or (>= 0xFB1D and <= 0xFB4F) or (>= 0x10800 and <= 0x10CFF) or (>= 0x1E800 and <= 0x1EC6F) => Class.R,
                (>= 0x0600 and <= 0x07BF) or (>= 0x0860 and <= 0x08FF) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF) or (>= 0x1EE00 and <= 0x1EEFF) => Class.AL,
                _ => Class.L,
            };
        }

        return category is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber ? Class.L : Class.ON;
    }
}
