namespace FrameService.Generation.Reading;

/// <summary>What a scene's words ask to be seen. What they do not name is null or empty: the artist decides.</summary>
/// <param name="Setting">Where it plays.</param>
/// <param name="Time">The time of day.</param>
/// <param name="Weather">The weather.</param>
/// <param name="Subjects">What is named, most important first, at most four.</param>
/// <param name="Shot">The shot size.</param>
/// <param name="Camera">The camera's move.</param>
internal sealed record SceneDescription(
    Setting? Setting, TimeOfDay? Time, Weather? Weather, IReadOnlyList<NamedSubject> Subjects, ShotSize? Shot, CameraMove? Camera)
{
    public static SceneDescription Nothing { get; } = new(null, null, null, [], null, null);
}

/// <summary>One thing that the words name.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Count">How many, as far as the words say; five for a plural without a number.</param>
/// <param name="Colour">0xRRGGBB where a colour was named right before it.</param>
internal sealed record NamedSubject(SubjectKind Kind, int Count = 1, uint? Colour = null);

internal enum Setting
{
    Sea, Beach, Harbour, Lake, Underwater, City, Street, Village, Forest, Mountain, Desert, Snow, Field, Garden, Space, Interior, Road, Sky,
}

internal enum TimeOfDay
{
    Dawn, Day, Dusk, Night,
}

internal enum Weather
{
    Clear, Cloudy, Rain, Storm, Snow, Fog,
}

/// <summary>From far to near.</summary>
internal enum ShotSize
{
    ExtremeWide, Wide, Medium, CloseUp,
}

internal enum CameraMove
{
    Hold, PanLeft, PanRight, PushIn, PullBack, TiltUp, TiltDown,
}

internal enum SubjectKind
{
    Person, Woman, Pair, Crowd, Child, Knight, Astronaut, Robot, Wizard, Dancer, Runner,
    Bird, Cat, Dog, Horse, Wolf, Fox, Deer, Bear, Elephant, Rabbit, Fish, Whale, Turtle, Dragon, Butterfly, Owl,
    PaperBoat, Boat, Ship, Car, Truck, Train, Bicycle, Plane, Balloon, Rocket, Spaceship,
    House, Castle, Lighthouse, Tower, Bridge, Windmill, Temple, Tent, Door, Window,
    Tree, Palm, Flower, Mushroom, Island, Volcano, Planet, Moon, Sun, Star, Comet,
    Lantern, Candle, Fire, Book, Umbrella, Cake, Cup, Clock, Key, Crown, Heart, Gift, Chest, Piano, Guitar, Chair, Table, Kite, Letter, Snowman, Ball, Bottle,
}
