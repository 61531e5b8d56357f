using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FrameVideo.Contracts;
using VideoService.Rendering;
using VideoService.Videos;

namespace VideoService.Clips;

/// <summary>A clip that a film wants of a service: everything that it is asked, and nothing of the film beside that, so that films of one session find each other's.</summary>
/// <param name="Number">The frame's number.</param>
/// <param name="Provider">Who is asked.</param>
/// <param name="Offer">What is asked for.</param>
/// <param name="Prompt">What happens; null for nothing.</param>
/// <param name="Seed">0 to 2^32 - 1.</param>
/// <param name="Shot">The frame's place and fit, which shape its picture.</param>
internal sealed record ClipWish(int Number, IClipProvider Provider, ClipOffer Offer, string? Prompt, long Seed, Shot Shot)
{
    /// <summary>SHA-256 of everything that is asked, 64 lower-case hex digits.</summary>
    public string InputHash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"footage 1\n{Provider.Provider.Options.Kind} {Offer.Model} {Offer.Ratio} {Offer.Seconds} {Seed}\n{Shot.Sha256} {Shot.Fit} {Shot.Focus?.X:R} {Shot.Focus?.Y:R} {(Shot.Fit == Fit.Pad ? Shot.PadColour : default)}\n{Prompt}"))));

    /// <summary>The clips that a film wants, in its order. The words of a frame are those that were asked for it, else the film's, else its own prompt, else what is told of it.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="plan">The film.</param>
    /// <param name="words">What a frame's own words are, by its number.</param>
    /// <param name="providers">Who makes clips.</param>
    public static IReadOnlyList<ClipWish> Of(VideoSettings asked, FilmPlan plan, Func<int, string?> words, ClipProviders providers)
    {
        var own = (asked.Frames ?? []).Where(frame => frame.Clip is not null).ToDictionary(frame => frame.Number, frame => frame.Clip!);
        var wishes = new List<ClipWish>();
        foreach (var shot in plan.Shots)
        {
            var wish = own.GetValueOrDefault(shot.Number);
            if ((wish?.Provider ?? asked.Clips?.Provider) is not { } name || name == ClipProviders.Renderer) continue;
            if (providers.Find(name) is not { } provider)
                throw new ClipFailedException(new ResourceError(ErrorCodes.ProviderRefused.Code, $"{name}, which the film wants clips of, is not set up here any more.", shot.Number, Retryable: true));
            var offer = provider.Offer((shot.SeenTo - shot.SeenFrom) / (double)plan.Settings.Fps, plan.Settings.Width, plan.Settings.Height);
            wishes.Add(new ClipWish(shot.Number, provider, offer, provider.Words(wish?.Prompt ?? asked.Clips?.Prompt ?? words(shot.Number)), plan.Settings.Seed & uint.MaxValue, shot));
        }
        return wishes;
    }
}
