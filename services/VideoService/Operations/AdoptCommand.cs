using FrameVideo.Hosting;

namespace VideoService.Operations;

/// <summary>Says where films of a former product are taken over: nowhere, since nothing beside one tells of what it was made.</summary>
internal sealed class AdoptCommand : OperatorCommand
{
    public override string Name => "adopt";

    public override string Description => "Nothing to do here: FrameService's command of this name takes over the former layouts' pictures, of which films can be made again.";

    protected override Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken) => throw new CommandFailedException(
        "run it with FrameService, which owns the pictures. Clips and films of the former product carry no record of what they were made of, so they stay where they are; make the films again of the adopted sessions.");
}
