using FrameService.Operations;
using FrameVideo.TestKit;

namespace FrameService.Tests.Operations;

/// <summary>FrameService's commands through their own entry, in the test's process.</summary>
internal static class Command
{
    public static async Task<(int Code, string Said, string Errors)> RunAsync(TempFolder data, params string[] arguments)
    {
        using var said = new StringWriter();
        using var errors = new StringWriter();
        var code = await FrameProgram.Create().RunAsync([.. arguments, $"--Data:Folder={data.Path}"], said, errors);
        return (code, said.ToString(), errors.ToString());
    }
}
