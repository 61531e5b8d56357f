using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Clients;

/// <summary>What people are told to type, as README.md has it.</summary>
internal static class Readme
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.Combine("README.md"));

    /// <summary>The n-th block of code below a heading, from 0.</summary>
    public static string Block(string heading, int index = 0)
    {
        var blocks = new List<string>();
        var block = new List<string>();
        foreach (var line in Lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith('#')).Append(""))
        {
            // A block goes on over empty lines, as long as what follows is indented.
            if (line.StartsWith("    ", StringComparison.Ordinal) || (line.Length == 0 && block.Count > 0)) block.Add(line.Length == 0 ? "" : line[4..]);
            if (line.Length > 0 && !line.StartsWith(' ') && block.Count > 0) End();
        }

        End();
        return blocks.ElementAtOrDefault(index) ?? throw new InvalidDataException($"README.md has no block {index} below '{heading}'.");

        void End()
        {
            var text = string.Join('\n', block).Trim('\n');
            if (text.Length > 0) blocks.Add(text + "\n");
            block.Clear();
        }
    }
}
