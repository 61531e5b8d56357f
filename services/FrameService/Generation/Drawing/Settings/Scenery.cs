using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;

namespace FrameService.Generation.Drawing.Settings;

/// <summary>A place: what lies behind the subjects and what lies before them.</summary>
internal abstract class Scenery
{
    /// <summary>Whether subjects float in the middle rather than stand on the ground.</summary>
    public virtual bool IsAfloat => false;

    /// <summary>Whether the ground is water, which mirrors what stands in it.</summary>
    public virtual bool IsWater => false;

    public static Scenery Of(Setting? setting) => setting switch
    {
        Setting.Sea => new SeaScenery(false),
        Setting.Harbour => new SeaScenery(true),
        Setting.Beach => new BeachScenery(),
        Setting.Lake => new LakeScenery(),
        Setting.Underwater => new UnderwaterScenery(),
        Setting.City => new CityScenery(),
        Setting.Street => new StreetScenery(),
        Setting.Village => new FieldScenery(village: true),
        Setting.Forest => new ForestScenery(),
        Setting.Mountain => new MountainScenery(),
        Setting.Desert => new DesertScenery(),
        Setting.Snow => new SnowScenery(),
        Setting.Field => new FieldScenery(),
        Setting.Garden => new FieldScenery(garden: true),
        Setting.Space => new SpaceScenery(),
        Setting.Interior => new InteriorScenery(),
        Setting.Road => new RoadScenery(),
        Setting.Sky => new SkyScenery(),
        _ => new OpenScenery(),
    };

    public abstract void Back(Stage stage, Hand hand);

    public virtual void Front(Stage stage, Hand hand)
    {
    }
}
