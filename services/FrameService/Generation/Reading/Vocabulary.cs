namespace FrameService.Generation.Reading;

/// <summary>The words that the reader knows, in the singular: English first, with the commonest of German, French, Spanish, Italian and Portuguese.</summary>
internal static partial class Vocabulary
{
    public static readonly Dictionary<string, Setting> Settings = Table<Setting>(
        (Setting.Underwater, "underwater,under water,under sea,undersea,seabed,reef,coral,deep sea,ocean floor,kelp,submarine,mermaid,unterwasser"),
        (Setting.Sea, "sea,ocean,wave,waves,tide,sail,sailing,meer,ozean,mer,mar,oceano,mare,voyage"),
        (Setting.Beach, "beach,shore,coast,sand castle,sandcastle,strand,plage,playa,spiaggia,praia"),
        (Setting.Harbour, "harbour,harbor,port,pier,dock,quay,marina,hafen,puerto"),
        (Setting.Lake, "lake,river,pond,stream,creek,waterfall,fjord,fluss,lac,riviere,lago,rio,fiume,puddle"),
        (Setting.City, "city,town,skyline,downtown,metropolis,skyscraper,rooftop,roof,urban,cyberpunk,neon,stadt,ville,ciudad,citta,cidade,tokyo,paris,london,new york"),
        (Setting.Street, "street,city street,alley,avenue,market,sidewalk,crossing,strasse,rue,calle,strada,rua,station,cafe,shop"),
        (Setting.Village, "village,hamlet,dorf,villaggio,pueblo,farm,barn"),
        (Setting.Forest, "forest,wood,woods,woodland,jungle,grove,rainforest,wald,foret,bosque,foresta,floresta,tree house,treehouse"),
        (Setting.Mountain, "mountain,peak,summit,cliff,alps,valley,canyon,ridge,climb,climber,hill top,berg,montagne,montana,montagna,montanha"),
        (Setting.Desert, "desert,dune,sahara,wuste,sand,oasis,camel,mars,pyramid,deserto,desierto"),
        (Setting.Snow, "arctic,antarctic,ice,iceberg,tundra,glacier,snowfield,north pole,polar,penguin,winter,frozen,snow,snowy,snowfall,blizzard,snowstorm"),
        (Setting.Field, "field,meadow,prairie,hill,grass,wheat,countryside,steppe,savanna,savannah,wiese,feld,campo,pasture,vineyard"),
        (Setting.Garden, "garden,park,orchard,backyard,garten,jardin,giardino,jardim,greenhouse"),
        (Setting.Space, "space,galaxy,cosmos,universe,orbit,nebula,asteroid,starship,weltraum,espace,espacio,spazio,satellite,cosmic,interstellar"),
        (Setting.Interior, "room,kitchen,bedroom,library,attic,hallway,studio,office,classroom,indoors,inside,zimmer,kuche,chambre,cuisine,habitacion,cocina,"
            + "stanza,cucina,workshop,laboratory,lab,theatre,theater,stage,restaurant,bakery,hospital,museum,cellar,cave"),
        (Setting.Road, "road,mountain road,country road,highway,path,trail,route,motorway,track,railway,weg,chemin,camino,journey"),
        (Setting.Sky, "sky,cloud,clouds,air,heaven,flight,himmel,ciel,cielo,ceu"));

    public static readonly Dictionary<string, TimeOfDay> Times = Table<TimeOfDay>(
        (TimeOfDay.Dawn, "dawn,sunrise,daybreak,morning,first light,early,morgen,aube,matin,amanecer,manana,alba,breakfast"),
        (TimeOfDay.Day, "noon,midday,daytime,afternoon,sunny,sunlight,jour,dia,giorno,summer,lunch"),
        (TimeOfDay.Dusk, "dusk,sunset,evening,twilight,golden hour,sundown,abend,crepuscule,soir,atardecer,tramonto,last light"),
        (TimeOfDay.Night, "night,midnight,nighttime,moonlight,moonlit,starlit,starry,stars,moon,dark,darkness,nacht,nuit,noche,notte,noite,neon,firefly,aurora,firework,dream"));

    public static readonly Dictionary<string, Weather> Weathers = Table<Weather>(
        (Weather.Storm, "storm,stormy,thunder,lightning,tempest,hurricane,thunderstorm,gale,sturm,tempete,tormenta,tempesta"),
        (Weather.Rain, "rain,rainy,raining,drizzle,shower,downpour,regen,pluie,lluvia,pioggia,chuva,umbrella"),
        (Weather.Snow, "snow,snowy,snowing,snowfall,blizzard,snowflake,schnee,neige,nieve,neve,snowman,christmas"),
        (Weather.Fog, "fog,foggy,mist,misty,haze,hazy,smoke,nebel,brume,niebla,nebbia"),
        (Weather.Cloudy, "cloud,cloudy,clouds,overcast,grey sky,gray sky,wolke,nuage,nube,wind,windy"),
        (Weather.Clear, "clear,sunny,bright,cloudless,sunshine,sunlight"));

    public static readonly Dictionary<string, uint> Colours = Table<uint>(
        (0xC8322B, "red,crimson,scarlet,rote,roter,rouge,roja,rojo,rossa,rosso"), (0xE87D2A, "orange"), (0xF2C230, "yellow,golden,gold,gelb,jaune,amarillo"),
        (0x4E9A4A, "green,emerald,grun,vert,verde"), (0x2F6FC0, "blue,azure,blau,bleu,azul,blu"), (0x7C4BB0, "purple,violet,lila"),
        (0xE88AA8, "pink,rosa"), (0xF3EFE6, "white,weiss,blanc,blanco,bianco,ivory"), (0x24262B, "black,schwarz,noir,negro,nero"),
        (0x7A5335, "brown,braun"), (0x9AA0A6, "grey,gray,silver,grau"), (0x2FA7A0, "teal,turquoise,cyan"));

    public static readonly Dictionary<string, int> Numbers = Table<int>(
        (2, "two,2,both,zwei,deux,dos,due,dois"), (3, "three,3,drei,trois,tres,tre"), (4, "four,4,several,some"), (5, "five,5,few"), (6, "six,6"), (7, "seven,7,dozen,dozens,many"),
        (9, "eight,nine,ten,8,9,10,hundred,hundreds,thousand,thousands,100,1000,flock,school,herd,swarm,countless"));

    public static readonly (string Words, ShotSize Shot)[] Shots =
    [
        ("extreme wide", ShotSize.ExtremeWide), ("establishing shot", ShotSize.ExtremeWide), ("aerial", ShotSize.ExtremeWide), ("extreme close", ShotSize.CloseUp),
        ("close-up", ShotSize.CloseUp), ("close up", ShotSize.CloseUp), ("closeup", ShotSize.CloseUp), ("portrait of", ShotSize.CloseUp),
        ("medium shot", ShotSize.Medium), ("mid shot", ShotSize.Medium), ("wide shot", ShotSize.Wide), ("long shot", ShotSize.Wide), ("panorama", ShotSize.ExtremeWide),
    ];

    public static readonly (string Words, CameraMove Camera)[] Cameras =
    [
        ("pan left", CameraMove.PanLeft), ("pan right", CameraMove.PanRight), ("push in", CameraMove.PushIn), ("pull back", CameraMove.PullBack),
        ("zoom in", CameraMove.PushIn), ("zoom out", CameraMove.PullBack), ("tilt up", CameraMove.TiltUp), ("tilt down", CameraMove.TiltDown), ("static camera", CameraMove.Hold),
    ];

    private static Dictionary<string, T> Table<T>(params (T Value, string Words)[] rows)
    {
        var table = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (value, words) in rows)
        {
            foreach (var word in words.Split(',')) table.TryAdd(word, value);
        }

        return table;
    }
}
