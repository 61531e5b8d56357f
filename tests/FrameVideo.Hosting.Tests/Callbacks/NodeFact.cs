using System.Diagnostics;
using System.Text.Json;
using FrameVideo.TestKit.Callbacks;

namespace FrameVideo.Hosting.Tests.Callbacks;

/// <summary>A fact that asks npm's <c>standardwebhooks</c>. Where that cannot be had it is skipped; under <c>CI=true</c> it runs, and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true" && StandardWebhooks.Missing is { } reason) Skip = reason;
    }
}

/// <summary>An implementation that is not ours: npm's <c>standardwebhooks</c>, of the version that <c>tests/standardwebhooks</c> pins, installed into <c>.artifacts</c> once.</summary>
internal static class StandardWebhooks
{
    private static readonly Lazy<string> Folder = new(Install);

    /// <summary>Why it cannot be had; null where it can.</summary>
    public static string? Missing
    {
        get
        {
            try
            {
                _ = Folder.Value;
                return null;
            }
            catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                return $"standardwebhooks cannot be installed: {failure.Message}";
            }
        }
    }

    /// <summary>Verifies callbacks as a receiver does; beside each what is wrong, or null.</summary>
    public static IReadOnlyList<string?> Verify(params IEnumerable<(string Secret, ReceivedCallback Callback)> callbacks)
    {
        var input = callbacks.Select(pair => new { secret = pair.Secret, headers = pair.Callback.Headers, body = Convert.ToBase64String(pair.Callback.Body) });
        return JsonSerializer.Deserialize<List<string?>>(Run(Folder.Value, "node", JsonSerializer.Serialize(input), "verify.mjs"))!;
    }

    private static string Install()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "FrameVideo.sln"))) root = root.Parent ?? throw new DirectoryNotFoundException("The project's root is not above the tests.");
        var target = Directory.CreateDirectory(Path.Combine(root.FullName, ".artifacts", "standardwebhooks")).FullName;
        var isThere = Directory.Exists(Path.Combine(target, "node_modules", "standardwebhooks"));
        foreach (var file in Directory.GetFiles(Path.Combine(root.FullName, "tests", "standardwebhooks")))
        {
            var copy = Path.Combine(target, Path.GetFileName(file));
            isThere &= File.Exists(copy) && File.ReadAllText(copy) == File.ReadAllText(file);
            File.Copy(file, copy, overwrite: true);
        }

        if (!isThere) Run(target, "npm", "", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        return target;
    }

    private static string Run(string folder, string program, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors.Result}");
    }
}
