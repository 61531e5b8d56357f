using System.Diagnostics;

namespace FrameVideo.TestKit;

/// <summary>Programs of npm, of the versions that <c>tests/node</c> pins, installed into <c>.artifacts/node</c> once for all test projects.</summary>
public static class NodePrograms
{
    private static readonly Lazy<string> Installed = new(Install);

    /// <summary>Why they cannot be had; null where they can.</summary>
    public static string? Missing
    {
        get
        {
            try
            {
                _ = Folder;
                return null;
            }
            catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                return $"tests/node cannot be installed: {failure.Message}";
            }
        }
    }

    /// <summary>Where they are: the files of <c>tests/node</c> with <c>node_modules</c> beside them.</summary>
    public static string Folder => Installed.Value;

    /// <summary>Runs one and answers what it printed.</summary>
    /// <param name="program"><c>node</c>, or a name of <c>node_modules/.bin</c>.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="input">What it reads from standard input.</param>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has what it printed.</exception>
    public static string Run(string program, IEnumerable<string> arguments, string input = "")
    {
        var path = Path.Combine(Folder, "node_modules", ".bin", program);
        return Run(Folder, File.Exists(path) ? path : program, arguments, input);
    }

    private static string Install()
    {
        var root = Repository.Root;
        var target = Directory.CreateDirectory(Path.Combine(root, ".artifacts", "node")).FullName;
        // Test projects run side by side, and one of them installs.
        using var turn = Turn(Path.Combine(root, ".artifacts", "node.lock"));
        var stamp = Path.Combine(target, "installed");
        var files = Directory.GetFiles(Path.Combine(root, "tests", "node"));
        var isThere = File.Exists(stamp) && File.ReadAllText(stamp) == File.ReadAllText(files.Single(file => Path.GetFileName(file) == "package-lock.json"));
        foreach (var file in files)
        {
            var copy = Path.Combine(target, Path.GetFileName(file));
            if (!File.Exists(copy) || File.ReadAllText(copy) != File.ReadAllText(file)) File.Copy(file, copy, overwrite: true);
        }

        if (isThere) return target;
        Run(target, "npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], "");
        File.Copy(Path.Combine(target, "package-lock.json"), stamp, overwrite: true);
        return target;
    }

    private static FileStream Turn(string path)
    {
        var end = DateTimeOffset.UtcNow.AddMinutes(5);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTimeOffset.UtcNow < end)
            {
                Thread.Sleep(50);
            }
        }
    }

    private static string Run(string folder, string program, IEnumerable<string> arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)}: {output}{errors.Result}");
    }
}
