namespace FrameService.Generation.Writing;

/// <summary>As much English grammar as it takes to keep the subject of a sentence through its clauses.</summary>
internal static class English
{
    private const string VerbList =
        "cross find come go see meet leave reach climb fly run walk swim sail drive ride jump fall rise turn look search discover open close enter exit follow chase lose win fight save rescue help build make "
        + "create paint draw write read sing dance play dream sleep wake wait watch hear listen speak talk tell ask answer give take bring carry hold drop throw catch push pull break fix repair plant grow bloom "
        + "burn shine glow fade vanish disappear appear arrive return begin start stop end travel wander explore journey escape hide seek learn teach remember forget love hate befriend become stand sit lie rest stay live die "
        + "land launch drift float sink dive spin race explode melt freeze gather share cook bake eat drink feed light ignite ring knock smile laugh cry hug kiss dare decide choose try need want promise keep pass move step slip "
        + "hunt trade sell buy steal cut dig uncover reveal unlock solve invent transform change face defeat survive overcome meet join unite separate call send receive deliver post wash clean set get put let lead show guide cast circle approach descend ascend";

    private static readonly HashSet<string> Verbs = ThirdPerson(VerbList);

    private static readonly HashSet<string> Bases = new(VerbList.Split(' '), StringComparer.Ordinal);

    private static readonly HashSet<string> Breaks = new(
        "in on at by with who that which whose where when while as is are was were has have had will can could must under over through across into onto along beside near between behind before after during from to toward towards without against above below inside outside around beyond and but or because so if until called named made".Split(' '),
        StringComparer.Ordinal);

    private static readonly HashSet<string> Determiners = new("a an the this that these those two three four five six seven eight nine ten some many several his her their its my our your".Split(' '), StringComparer.Ordinal);

    private static readonly string[] Joints = ["and then ", "but then ", "and ", "but ", "then ", "who ", "which "];

    /// <summary>Divides pieces further at "and" before a verb, and gives each clause that lost its subject the subject back.</summary>
    public static IEnumerable<string> Clauses(IReadOnlyList<string> pieces)
    {
        var subject = Subject(pieces[0]);
        foreach (var clause in pieces.SelectMany(AtConjunctions))
        {
            var bare = clause;
            foreach (var joint in Joints)
            {
                if (!bare.StartsWith(joint, StringComparison.OrdinalIgnoreCase)) continue;
                bare = bare[joint.Length..];
                break;
            }

            if (subject is not null && IsVerb(FirstWord(bare))) yield return Definite(subject) is var s ? char.ToUpperInvariant(s[0]) + s[1..] + " " + bare : bare;
            else yield return bare.Length > 0 ? bare : clause;
        }
    }

    /// <summary>The noun phrase that a sentence begins with, without its verb; null where none is sure enough to be used again.</summary>
    public static string? Subject(string sentence)
    {
        var words = sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var taken = new List<string>();
        foreach (var raw in words)
        {
            var word = raw.Trim(',', ';', ':', '.', '!', '?', '"', '(', ')', '“', '”');
            var lower = word.ToLowerInvariant();
            if (word.Length == 0 || Breaks.Contains(lower) || (taken.Count > (Determiners.Contains(taken.FirstOrDefault() ?? "") ? 1 : 0) && (IsVerb(lower) || (Bases.Contains(lower) && IsPlural(taken[^1]))))) break;
            if (taken.Count > 1 && lower.EndsWith("ing", StringComparison.Ordinal) && lower.Length > 5) break;
            taken.Add(taken.Count == 0 ? Determiners.Contains(lower) ? lower : word : word);
            if (raw.Length > 0 && raw[^1] is ',' or ';' or ':' or '.' or '!' or '?') break;
        }

        var nouns = taken.Count - (taken.Count > 0 && Determiners.Contains(taken[0]) ? 1 : 0);
        if (nouns is < 1 or > 4 || !taken.TrueForAll(w => w.All(c => char.IsLetter(c) || c is '\'' or '’' or '-'))) return null;
        // A bare word may be a name, a thing or an idea; only a determiner or a reader who knows the word makes it sure.
        if (Determiners.Contains(taken[0])) return string.Join(' ', taken);
        if (taken.Count == 1 && taken[0].EndsWith("ing", StringComparison.OrdinalIgnoreCase)) return null;
        var known = Reading.SceneReader.Read(string.Join(' ', taken)).Subjects;
        if (known.Count > 0) return "the " + string.Join(' ', taken.Select((w, i) => i == 0 ? char.ToLowerInvariant(w[0]) + w[1..] : w));
        return words.Length > taken.Count && taken.TrueForAll(w => char.IsUpper(w[0])) && !Verbs.Contains(taken[0].ToLowerInvariant() + "s") ? string.Join(' ', taken) : null;
    }

    /// <summary>The same phrase as something already known: "a paper boat" is "the paper boat".</summary>
    public static string Definite(string phrase)
    {
        var blank = phrase.IndexOf(' ', StringComparison.Ordinal);
        var first = blank < 0 ? phrase : phrase[..blank];
        var rest = blank < 0 ? "" : phrase[(blank + 1)..];
        return first switch
        {
            "a" or "an" or "the" or "this" or "that" or "some" => "the " + rest,
            "these" or "those" => "the " + rest,
            "two" or "three" or "four" or "five" or "six" or "seven" or "eight" or "nine" or "ten" or "many" or "several" => "the " + phrase,
            _ => phrase,
        };
    }

    private static IEnumerable<string> AtConjunctions(string piece)
    {
        var start = 0;
        for (var at = piece.IndexOf(" and ", StringComparison.Ordinal); at >= 0; at = piece.IndexOf(" and ", at + 4, StringComparison.Ordinal))
        {
            var rest = piece[(at + 5)..];
            if (rest.StartsWith("then ", StringComparison.Ordinal)) rest = rest[5..];
            if (!IsVerb(FirstWord(rest)) || piece[start..at].Count(c => c == ' ') < 2) continue;
            yield return piece[start..at].Trim();
            start = at + 1;
        }

        yield return piece[start..].Trim();
    }

    private static string FirstWord(string text)
    {
        var end = text.IndexOfAny([' ', ',', '.', '!', '?', ';']);
        return end < 0 ? text : text[..end];
    }

    private static bool IsPlural(string noun) => noun.EndsWith('s') && !noun.EndsWith("ss", StringComparison.Ordinal) || noun is "children" or "people" or "men" or "women" or "mice" or "geese";

    private static bool IsVerb(string word) => Verbs.Contains(word.ToLowerInvariant());

    private static HashSet<string> ThirdPerson(string verbs) => new(verbs.Split(' ').Select(static verb =>
        verb switch
        {
            "go" => "goes",
            _ when verb.EndsWith('y') && verb.Length > 2 && !"aeiou".Contains(verb[^2], StringComparison.Ordinal) => verb[..^1] + "ies",
            _ when verb.EndsWith("ch", StringComparison.Ordinal) || verb.EndsWith("sh", StringComparison.Ordinal) || verb.EndsWith('s') || verb.EndsWith('x') => verb + "es",
            _ => verb + "s",
        }), StringComparer.Ordinal);
}
