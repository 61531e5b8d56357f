using System.Globalization;
using System.Text.Json;
using FrameVideo.Contracts;

namespace FrameVideo.Local.CommandLine;

/// <summary>Turns the text of one option into its value, or says what would have been one.</summary>
internal static class OptionReader
{
    /// <summary>The shapes as people name them, beside the sizes of the API.</summary>
    private static readonly (string Name, string Size)[] Shapes =
        [("16:9", "1280:720"), ("9:16", "720:1280"), ("4:3", "1104:832"), ("3:4", "832:1104"), ("1:1", "960:960"), ("21:9", "1584:672"), ("5:3", "1280:768"), ("3:5", "768:1280")];

    /// <summary>One of an enumeration's names as they stand on the wire; case, spaces and dashes do not matter.</summary>
    public static T Choice<T>(string option, string value)
        where T : struct, Enum
    {
        foreach (var choice in Enum.GetValues<T>())
        {
            if (Plain(WireName(choice)) == Plain(value)) return choice;
        }

        throw Refused(option, value, string.Join(", ", Enum.GetValues<T>().Select(WireName)));
    }

    /// <summary>An enumeration's value as it stands on the wire.</summary>
    public static string WireName<T>(T value)
        where T : struct, Enum => JsonSerializer.SerializeToElement(value, WireJson.Options).GetString()!;

    public static AspectRatio Ratio(string option, string value)
    {
        var text = value.Trim().Replace('x', ':');
        var size = Array.Find(Shapes, shape => shape.Name == text).Size ?? text;
        return AspectRatio.TryParse(size, null, out var ratio) ? ratio : throw Refused(option, value, string.Join(", ", Shapes.Select(shape => $"{shape.Name} ({shape.Size})")));
    }

    public static double Number(string option, string value, double least, double most, string unit) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new PlainFailure($"{option} takes {least:0.#} to {most:0.#} {unit}, not \"{value}\".", PlainFailure.Usage);

    public static long Whole(string option, string value, long least, long most) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new PlainFailure($"{option} takes a whole number {(most == long.MaxValue ? $"from {least}" : $"from {least} to {most}")}, not \"{value}\".", PlainFailure.Usage);

    public static int OneOf(string option, string value, params ReadOnlySpan<int> allowed) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && allowed.Contains(number)
            ? number
            : throw Refused(option, value, string.Join(", ", allowed.ToArray()));

    public static UserId User(string option, string value) =>
        UserId.TryParse(value, null, out var user)
            ? user
            : throw new PlainFailure($"{option} takes 1 to 128 letters, digits and any of . _ @ + = : | ~ -, not \"{value}\".", PlainFailure.Usage);

    private static PlainFailure Refused(string option, string value, string choices) =>
        new($"{option} is one of {choices}; \"{value}\" is none of them.", PlainFailure.Usage);

    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
