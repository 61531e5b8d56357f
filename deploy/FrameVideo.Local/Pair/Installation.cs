using System.Runtime.InteropServices;

namespace FrameVideo.Local.Pair;

/// <summary>Where this program, the services beside it and the repository around them lie.</summary>
internal static class Installation
{
    /// <summary>The repository's folder; the current folder where the program was taken out of it.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The data folder that is used where none is named.</summary>
    public static string DefaultData => Path.Combine(Root, "data");

    /// <summary>The <c>dotnet</c> that runs this program, so that the services run on the same.</summary>
    public static string Dotnet { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>The built program of a project, from the same build as this one.</summary>
    /// <exception cref="PlainFailure">It has not been built.</exception>
    public static string ProgramOf(string project)
    {
        // .artifacts/bin/<project>/<configuration>/<project>.dll
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, $"{project}.dll");
        return File.Exists(program) ? program : throw new PlainFailure($"{project} has not been built: {program} is missing.");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FrameVideo.sln"))) return folder.FullName;
        }

        return Environment.CurrentDirectory;
    }
}
