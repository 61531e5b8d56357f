using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace FrameVideo.Contracts;

/// <summary>The name of a picture in one of the former product's layouts, and where it belongs in the present one.</summary>
/// <remarks>
/// <code>
/// &lt;userId&gt;/session_&lt;ms&gt;_&lt;x&gt;/reference-frames|user-uploads/...     becomes req_&lt;ms&gt;_&lt;x&gt;
/// &lt;userId&gt;/req-&lt;ms&gt;-&lt;x&gt;/reference-frames|user-uploads/...         becomes req_&lt;ms&gt;_&lt;x&gt;
/// reference-frames|user-uploads/&lt;userId&gt;/...                       becomes one request of the user, always the same
/// </code>
/// Frames are <c>[generated_]frame_&lt;n&gt;[_&lt;ms&gt;].&lt;ext&gt;</c>; everything else is a picture without a number.
/// </remarks>
/// <param name="UserId">Whose it is.</param>
/// <param name="RequestId">The request that it belongs to from now on.</param>
/// <param name="Source">The former folder that becomes this request: <c>session_...</c>, <c>req-...</c>, or one at the root.</param>
/// <param name="Number">The frame's number, 1-1000; 0 for a picture without one.</param>
/// <param name="Milliseconds">When it was made, as its name tells in Unix milliseconds; null where it does not.</param>
/// <param name="FileName">The last part of the name.</param>
public sealed partial record FormerName(UserId UserId, RequestId RequestId, string Source, int Number, long? Milliseconds, string FileName)
{
    /// <summary>Reads a name; false for anything else, objects of the present layout among it.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out FormerName? result)
    {
        ArgumentNullException.ThrowIfNull(name);
        result = null;
        var parts = name.Split('/');
        if (parts.Length < 3 || parts[^1].Length == 0) return false;
        if (IsFolder(parts[0]))
        {
            if (!UserId.TryParse(parts[1], out var owner)) return false;
            // A session's folder may stand below the user's there, too.
            result = parts.Length > 3 && RequestOf(parts[2]) is { } own ? Of(owner, own, $"{parts[0]}/{parts[2]}", parts[0], parts[^1]) : Of(owner, RootOf(owner), parts[0], parts[0], parts[^1]);
            return true;
        }

        if (parts.Length < 4 || !IsFolder(parts[2]) || !UserId.TryParse(parts[0], out var user) || RequestOf(parts[1]) is not { } request) return false;
        result = Of(user, request, parts[1], parts[2], parts[^1]);
        return true;
    }

    /// <summary>The request that takes what lies at the root for a user: <c>req_0_</c> and nine characters that the user's ID makes.</summary>
    public static RequestId RootOf(UserId user)
    {
        const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes($"former root of {user}"));
        return RequestId.Parse("req_0_" + string.Concat(hash.Take(9).Select(b => Alphabet[b % Alphabet.Length])));
    }

    private static FormerName Of(UserId user, RequestId request, string source, string folder, string file)
    {
        var match = folder == ObjectKey.ReferenceFrames ? FrameFile().Match(file) : Match.Empty;
        var number = match.Success && int.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 1000 ? n : 0;
        var time = match.Groups["time"].Success ? long.Parse(match.Groups["time"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : (long?)null;
        return new FormerName(user, request, source, number, time, file);
    }

    private static bool IsFolder(string part) => part is ObjectKey.ReferenceFrames or ObjectKey.UserUploads;

    private static RequestId? RequestOf(string part)
    {
        var match = Former().Match(part);
        return match.Success && RequestId.TryParse($"req_{match.Groups["ms"].ValueSpan}_{match.Groups["suffix"].ValueSpan}", out var id) ? id : null;
    }

    [GeneratedRegex("^(session_(?<ms>[0-9]{1,16})_(?<suffix>[0-9a-z]{1,16})|req-(?<ms>[0-9]{1,16})-(?<suffix>[0-9a-z]{1,16}))\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Former();

    [GeneratedRegex("^(generated_)?frame_(?<number>[0-9]{1,4})(_(?<time>[0-9]{10,16}))?\\.(png|jpg|jpeg|webp)\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FrameFile();
}
