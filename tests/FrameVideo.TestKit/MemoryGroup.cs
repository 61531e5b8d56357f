using System.Globalization;

namespace FrameVideo.TestKit;

/// <summary>
/// A control group whose processes may hold so much memory together, as a container's may: the service, its encoders, and the pages of files that they have in use. Linux alone has them, and
/// making one takes root.
/// </summary>
public sealed class MemoryGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private readonly string _folder;

    private MemoryGroup(string folder) => _folder = folder;

    private static bool IsSecondVersion => File.Exists(Path.Combine(Root, "cgroup.controllers"));

    /// <summary>How often the kernel ended a process, since no page could be taken back.</summary>
    public int Kills => (int)Figures(IsSecondVersion ? "memory.events" : "memory.oom_control").GetValueOrDefault("oom_kill");

    /// <summary>What cannot be taken back under pressure, bytes: the heaps of all processes in it.</summary>
    public long Anonymous => Figures("memory.stat").GetValueOrDefault(IsSecondVersion ? "anon" : "total_rss");

    /// <summary>Makes a group; null where this machine lets nobody make one.</summary>
    /// <param name="limit">The most memory of all its processes, bytes. More is taken back from files; where that does not suffice, the kernel ends a process.</param>
    public static MemoryGroup? TryCreate(long limit)
    {
        try
        {
            var folder = Path.Combine(Root, IsSecondVersion ? "" : "memory", string.Create(CultureInfo.InvariantCulture, $"framevideo-tests-{Environment.ProcessId}"));
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, IsSecondVersion ? "memory.max" : "memory.limit_in_bytes"), limit.ToString(CultureInfo.InvariantCulture));
            return new MemoryGroup(folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A command that enters the group before it becomes the program.</summary>
    public (string Program, string[] Arguments) Around(string program, params string[] arguments) =>
        ("/bin/sh", ["-c", "echo $$ >\"$0\" && exec \"$@\"", Path.Combine(_folder, "cgroup.procs"), program, .. arguments]);

    /// <summary>Takes the group away; its processes have ended.</summary>
    public void Dispose() => Directory.Delete(_folder);

    private Dictionary<string, long> Figures(string file) => File.ReadLines(Path.Combine(_folder, file)).Select(line => line.Split(' ')).Where(words => words.Length == 2)
        .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
