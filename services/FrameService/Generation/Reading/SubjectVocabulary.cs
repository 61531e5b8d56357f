using K = FrameService.Generation.Reading.SubjectKind;

namespace FrameService.Generation.Reading;

internal static partial class Vocabulary
{
    public static readonly Dictionary<string, K> Subjects = Table<K>(
        (K.Pair, "couple,pair,lovers,friends,twins,siblings,parents,dancers,paar"),
        (K.Crowd, "crowd,people,audience,children,kids,army,parade,soldiers,villagers,villager,crew,team,family,menge,foule,gente"),
        (K.Child, "child,kid,girl,boy,baby,toddler,daughter,son,kind,madchen,junge,enfant,fille,garcon,nina,nino,bambina,bambino"),
        (K.Knight, "knight,warrior,samurai,soldier,hero,gladiator,ritter,chevalier,caballero"),
        (K.Astronaut, "astronaut,cosmonaut,spaceman,astronauta,astronaute"),
        (K.Robot, "robot,android,droid,cyborg,automaton"),
        (K.Wizard, "wizard,witch,mage,sorcerer,magician,monk,ghost"),
        (K.Dancer, "dancer,ballerina,dance,dancing"),
        (K.Runner, "runner,running,athlete,jogger"),
        (K.Woman, "woman,queen,princess,mother,grandmother,lady,old woman,bride,nurse,actress,goddess,frau,femme,mujer,donna,mulher,grandma,widow"),
        (K.Person, "person,man,fisherman,sailor,traveller,traveler,wanderer,hiker,climber,farmer,king,prince,detective,chef,cook,baker,teacher,doctor,"
            + "artist,painter,scientist,explorer,pirate,captain,father,grandfather,old man,figure,stranger,musician,singer,someone,keeper,student,"
            + "pilot,nomad,poet,writer,gardener,mann,homme,hombre,uomo,homem,reader,inventor,merchant,shepherd"),
        (K.Owl, "owl,eule"), (K.Bird, "bird,seagull,gull,crow,raven,eagle,sparrow,swallow,goose,geese,dove,heron,swan,duck,penguin,crane,vogel,oiseau,pajaro,uccello,parrot,hawk"),
        (K.Cat, "cat,kitten,kitty,katze,gato,gatto,panther,tiger,lion,lynx"), (K.Dog, "dog,puppy,hound,hund,chien,perro,cane,corgi,terrier"),
        (K.Horse, "horse,pony,unicorn,stallion,mare horse,pferd,cheval,caballo,cavallo,donkey"), (K.Wolf, "wolf,coyote,loup,lobo,lupo"), (K.Fox, "fox,fuchs,renard,zorro,volpe"),
        (K.Deer, "deer,stag,elk,moose,reindeer,hirsch,cerf,gazelle,antelope"), (K.Bear, "bear,polar bear,panda,ours,oso,orso,gorilla,monster,yeti"), (K.Elephant, "elephant,mammoth,elefant,elefante"),
        (K.Rabbit, "rabbit,hare,bunny,hase,lapin,conejo,mouse,squirrel"), (K.Fish, "fish,goldfish,koi,salmon,fisch,poisson,pez,pesce,shark"), (K.Whale, "whale,dolphin,orca,wal,baleine,ballena,balena"),
        (K.Turtle, "turtle,tortoise"), (K.Dragon, "dragon,drache,dragon,wyvern,dinosaur,drago"), (K.Butterfly, "butterfly,moth,schmetterling,papillon,mariposa,farfalla,bee,dragonfly,firefly"),
        (K.PaperBoat, "paper boat,paper ship,origami boat,papierboot,papierschiff,papierschiffchen"),
        (K.Boat, "boat,canoe,rowboat,raft,gondola,sailboat,kayak,bateau,barco,barca,dinghy"), (K.Ship, "ship,galleon,vessel,frigate,schiff,navire,nave,yacht,steamer,ferry,pirate ship,tall ship"),
        (K.Car, "car,taxi,automobile,auto,voiture,coche,macchina,carro,cab,convertible"), (K.Truck, "truck,lorry,van,bus,camper"), (K.Train, "train,locomotive,tram,zug,tren,treno,subway,metro"),
        (K.Bicycle, "bicycle,bike,cyclist,fahrrad,velo,bicicleta,bicicletta,motorcycle"), (K.Plane, "plane,airplane,aeroplane,aircraft,jet,paper plane,flugzeug,avion,aereo,glider"),
        (K.Balloon, "hot air,balloon,airship,zeppelin,ballon,globo,mongolfiera"), (K.Rocket, "rocket,missile,rakete,fusee,cohete,razzo"), (K.Spaceship, "spaceship,starship,ufo,space station,flying saucer,raumschiff,alien,satellite"),
        (K.House, "house,home,cottage,cabin,hut,haus,maison,casa,barn,farmhouse,inn,shed,mansion"), (K.Castle, "castle,fortress,palace,citadel,kingdom,schloss,burg,chateau,castillo,castello"),
        (K.Lighthouse, "lighthouse,beacon,leuchtturm,phare,faro"), (K.Tower, "tower,turm,torre,obelisk,minaret,church,cathedral,skyscraper"), (K.Bridge, "bridge,brucke,pont,puente,ponte,viaduct"),
        (K.Windmill, "windmill,mill,turbine,wind turbine"), (K.Temple, "temple,shrine,pagoda,ruin,monastery,pyramid"), (K.Tent, "tent,camp,campsite,zelt,circus"), (K.Door, "door,gate,doorway,portal,tur,porte,puerta,porta"),
        (K.Window, "window,fenster,fenetre,ventana,finestra"), (K.Palm, "palm,palm tree,coconut"), (K.Tree, "tree,oak,pine,willow,birch,cherry blossom,baum,arbre,arbol,albero,arvore,maple"),
        (K.Flower, "flower,tulip,sunflower,daisy,lily,poppy,blossom,bloom,blume,fleur,flor,fiore,seed,sprout,plant,seedling"), (K.Mushroom, "mushroom,fungus,toadstool,pilz"),
        (K.Island, "island,isle,insel,ile,isla,isola,atoll"), (K.Volcano, "volcano,lava,vulkan"), (K.Planet, "planet,saturn,jupiter,mars,earth"), (K.Moon, "moon,mond,lune,luna,lua,crescent"),
        (K.Sun, "sun,sunrise,sunset,sonne,soleil"), (K.Star, "star,stars,stern,etoile,estrella,stella,constellation"), (K.Comet, "comet,meteor,shooting star,asteroid"),
        (K.Lantern, "lantern,lamp,streetlight,street lamp,laterne,lampe,linterna,lanterna,torch,light bulb"), (K.Candle, "candle,kerze,bougie,vela,candela"), (K.Fire, "fire,campfire,bonfire,flame,blaze,feuer,feu,fuego,fuoco,fogo,fireplace"),
        (K.Book, "book,diary,novel,library,buch,livre,libro,livro,map,journal,story book,storybook"), (K.Umbrella, "umbrella,parasol,regenschirm,parapluie,paraguas,ombrello"), (K.Cake, "cake,birthday,kuchen,torte,gateau,pastel,torta,bolo,pie,cupcake"),
        (K.Cup, "cup,coffee,tea,mug,kaffee,cafe,taza,tazza,teapot,kettle,soup"), (K.Clock, "clock,pocket watch,hourglass,uhr,horloge,reloj,orologio"), (K.Key, "key,schlussel,cle,llave,chiave"), (K.Crown, "crown,krone,couronne,corona,throne"),
        (K.Heart, "heart,herz,coeur,corazon,cuore"), (K.Gift, "gift,parcel,box,geschenk,cadeau,regalo,suitcase"), (K.Chest, "chest,treasure,treasure chest,trunk,schatz,tresor,tesoro"), (K.Piano, "piano,klavier"), (K.Guitar, "guitar,violin,cello,gitarre,guitare,guitarra,chitarra"),
        (K.Chair, "chair,armchair,bench,stuhl,chaise,silla,sedia,sofa"), (K.Table, "table,desk,tisch,mesa,tavolo"), (K.Kite, "kite,drachen,cerf volant,cometa,aquilone"), (K.Letter, "letter,envelope,message,lettre,carta,lettera,postcard"),
        (K.Snowman, "snowman,schneemann"), (K.Ball, "ball,football,soccer,basketball"), (K.Bottle, "bottle,potion,perfume,flasche,bouteille,botella,jar"));

    /// <summary>Where a thing is seen when the words name no place.</summary>
    public static readonly Dictionary<K, Setting> Homes = new()
    {
        [K.PaperBoat] = Setting.Sea, [K.Boat] = Setting.Lake, [K.Ship] = Setting.Sea, [K.Lighthouse] = Setting.Sea, [K.Whale] = Setting.Sea, [K.Island] = Setting.Sea,
        [K.Fish] = Setting.Underwater, [K.Turtle] = Setting.Underwater, [K.Palm] = Setting.Beach, [K.Car] = Setting.Road, [K.Truck] = Setting.Road, [K.Bicycle] = Setting.Road,
        [K.Train] = Setting.Field, [K.Plane] = Setting.Sky, [K.Balloon] = Setting.Sky, [K.Rocket] = Setting.Space, [K.Spaceship] = Setting.Space, [K.Planet] = Setting.Space,
        [K.Comet] = Setting.Space, [K.Astronaut] = Setting.Space, [K.Castle] = Setting.Mountain, [K.Dragon] = Setting.Mountain, [K.Volcano] = Setting.Mountain, [K.Temple] = Setting.Mountain,
        [K.Wolf] = Setting.Forest, [K.Fox] = Setting.Forest, [K.Deer] = Setting.Forest, [K.Bear] = Setting.Forest, [K.Owl] = Setting.Forest, [K.Mushroom] = Setting.Forest, [K.Tent] = Setting.Forest,
        [K.Elephant] = Setting.Field, [K.Horse] = Setting.Field, [K.Windmill] = Setting.Field, [K.House] = Setting.Village, [K.Flower] = Setting.Garden, [K.Butterfly] = Setting.Garden,
        [K.Tree] = Setting.Field, [K.Kite] = Setting.Field, [K.Snowman] = Setting.Snow, [K.Bridge] = Setting.Lake, [K.Book] = Setting.Interior, [K.Cake] = Setting.Interior, [K.Cup] = Setting.Interior,
        [K.Candle] = Setting.Interior, [K.Piano] = Setting.Interior, [K.Guitar] = Setting.Interior, [K.Chair] = Setting.Interior, [K.Table] = Setting.Interior, [K.Clock] = Setting.Interior,
        [K.Door] = Setting.Interior, [K.Window] = Setting.Interior, [K.Bottle] = Setting.Interior, [K.Letter] = Setting.Interior, [K.Umbrella] = Setting.Street, [K.Lantern] = Setting.Street,
        [K.Robot] = Setting.City, [K.Crowd] = Setting.Street, [K.Fire] = Setting.Forest, [K.Bird] = Setting.Sky, [K.Tower] = Setting.City, [K.Star] = Setting.Field, [K.Knight] = Setting.Mountain,
    };

    private static readonly K[][] SameThings = [[K.PaperBoat, K.Boat, K.Ship], [K.Person, K.Woman, K.Child, K.Knight, K.Astronaut, K.Wizard, K.Dancer, K.Runner], [K.Rocket, K.Spaceship], [K.Tree, K.Palm]];

    /// <summary>Whether two words of one story mean one thing: a paper boat is "the boat" a sentence later.</summary>
    public static bool IsSameThing(K one, K other) => one == other || Array.Exists(SameThings, things => things.Contains(one) && things.Contains(other));
}
