using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>What a film is to look like.</summary>
/// <param name="DurationSeconds">0.5-60,000 s; the film has round(D x fps) pictures, halves upwards.</param>
/// <param name="Fps">Pictures a second: 24, 25, 30, 50 or 60.</param>
/// <param name="Width">Pixels across, even, 16-4096.</param>
/// <param name="Height">Pixels down, even, 16-4096.</param>
/// <param name="Motion">How the camera moves.</param>
/// <param name="Transition">How one picture becomes the next.</param>
/// <param name="Fit">How pictures of another ratio are fitted; null decides for each picture.</param>
/// <param name="Quality">How hard the encoder tries.</param>
/// <param name="Seed">Varies the camera's moves.</param>
internal sealed record FilmSettings(
    double DurationSeconds, int Fps, int Width, int Height, Motion Motion, Transition Transition, Fit? Fit, VideoQuality Quality, long Seed);

/// <summary>One picture of the storyboard.</summary>
/// <param name="Number">Its place, from 1; unique in a film, gaps are allowed.</param>
/// <param name="Sha256">Of its bytes, 64 lower-case hex digits.</param>
/// <param name="Width">Pixels across, as seen upright; 0 where nobody knows: the picture is then taken to have the film's ratio.</param>
/// <param name="Height">Pixels down, likewise.</param>
/// <param name="Places">For how many frames' time it is seen: more than one where it stands in for neighbours that have no picture.</param>
internal sealed record FilmFrame(int Number, string Sha256, int Width, int Height, int Places = 1);
