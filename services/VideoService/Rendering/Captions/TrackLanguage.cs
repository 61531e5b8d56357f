namespace VideoService.Rendering;

/// <summary>What a container says of the language of its captions: three letters of ISO 639-2 (terminology codes), as MP4 has it (ISO/IEC 14496-12, section 8.4.2).</summary>
internal static class TrackLanguage
{
    /// <summary>Nobody says.</summary>
    public const string Unknown = "und";

    // The two letters of ISO 639-1, and the three of ISO 639-2/T.
    private const string Codes =
        "aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bhbih bibis bmbam bnben bobod brbre bsbos cacat ceche chcha cocos crcre csces cuchu cvchv " +
        "cycym dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus fafas ffful fifin fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv " +
        "hthat huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua kkkaz klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor " +
        "kykir lalat lbltz lglug lilim lnlin lolao ltlit lulub lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav " +
        "nynya ococi ojoji omorm orori ososs papan pipli plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme sgsag sisin skslk slslv smsmo snsna sosom sqsqi srsrp " +
        "ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir tktuk tltgl tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid " +
        "yoyor zazha zhzho zuzul";

    private static readonly Dictionary<string, string> Long = Codes.Split(' ').ToDictionary(code => code[..2], code => code[2..], StringComparer.OrdinalIgnoreCase);

    /// <summary>The code of a tag (BCP 47), by its first part; <see cref="Unknown"/> where there is none.</summary>
    public static string Of(string? tag)
    {
        var first = (tag ?? "").Split('-')[0];
        if (Long.TryGetValue(first, out var code)) return code;
        return first.Length == 3 && first.All(char.IsAsciiLetter) ? first.ToLowerInvariant() : Unknown;
    }
}
