namespace FrameVideo.Local.Pair;

/// <summary>How a pair is to be started.</summary>
/// <param name="Data">The folder for everything that the services keep.</param>
/// <param name="Logs">The folder for their logs.</param>
/// <param name="Ffmpeg">The encoder.</param>
/// <param name="FrontDoorPort">The front door's port; null for any that is free.</param>
/// <param name="PortIsChosen">Whether a person expects that port, so that no other will do.</param>
/// <param name="OutageFile">While this file exists the object store refuses everything; for <c>prove</c> alone.</param>
internal sealed record PairSettings(string Data, string Logs, string Ffmpeg, int? FrontDoorPort = null, bool PortIsChosen = false, string? OutageFile = null)
{
    /// <summary>What both services are told.</summary>
    public Dictionary<string, string> ForServices(Uri frontDoor)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Data__Folder"] = Data,
            ["PublicUrl"] = frontDoor.GetLeftPart(UriPartial.Authority),
        };
        if (OutageFile is not null)
        {
            settings["Storage__Simulate__OutageFile"] = OutageFile;
            // A proof is nothing to pay for, whatever keys the environment has.
            (settings["Generation__Stories"], settings["Generation__Frames"], settings["Rendering__Clips"]) = ("draft", "draft", "renderer");
        }

        return settings;
    }
}
