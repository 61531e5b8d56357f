namespace VideoService.Rendering;

/// <summary>What one shot shows at its film frames, which are asked for in order. Not safe for use from two threads at once.</summary>
internal abstract class ShotView
{
    /// <summary>What is seen at a film frame, as packed I420. It stays as it is until its room has its turn again.</summary>
    /// <param name="filmFrame">A film frame of the shot or of the transitions on its sides.</param>
    /// <param name="right">By how much the picture is moved, in pixels of the film, -1 to 1: what comes in is the edge again.</param>
    /// <param name="down">Likewise.</param>
    public abstract byte[] Show(int filmFrame, double right = 0, double down = 0);
}
