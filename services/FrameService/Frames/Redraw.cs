namespace FrameService.Frames;

/// <summary>What another picture of a frame is asked for with. It stands beside the former picture, whose words and seed count until the new one is safe.</summary>
/// <param name="Seed">From which it is made.</param>
/// <param name="Prompt">What the artist is asked for; null for the frame's own, or for one made of the description.</param>
/// <param name="Description">What is seen, and the frame's part of the story; null for the frame's own.</param>
internal sealed record Redraw(long Seed, string? Prompt, string? Description)
{
    /// <summary>Whether a prompt is to be made of the description, since the frame's own speaks of another one.</summary>
    public bool WantsPrompt => Prompt is null && Description is not null;

    /// <summary>The frame with the words of what is asked for.</summary>
    public FrameRow Over(FrameRow frame) => frame with
    {
        Prompt = Prompt ?? frame.Prompt,
        Description = Description ?? frame.Description,
        SceneStory = Description ?? frame.SceneStory,
    };
}
