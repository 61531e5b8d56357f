namespace FrameService.Generation.Writing;

/// <summary>Sentences between clauses in other languages: whole ones, so that no grammar has to be guessed. Opening, rising, turn, end.</summary>
internal static class ForeignBeats
{
    private static readonly Dictionary<Language, string[][]> All = new()
    {
        [Language.German] =
        [
            ["Noch ist alles still.", "Das Bild öffnet sich langsam.", "Ein erster, langer Blick."],
            ["Wir kommen näher.", "Etwas regt sich.", "Die Schatten werden länger.", "Gleich wird sich etwas ändern.", "Ein Schritt folgt dem anderen."],
            ["Von hier führt kein Weg zurück.", "In diesem Augenblick entscheidet sich alles.", "Alles geschieht auf einmal.", "Für einen Moment steht die Zeit still."],
            ["Das Licht kehrt zurück.", "Ein letzter Blick.", "Es wird wieder ruhig, und nichts ist ganz wie zuvor.", "Die Sicht weitet sich."],
        ],
        [Language.French] =
        [
            ["Tout est encore immobile.", "L’image s’ouvre lentement.", "Un premier long regard."],
            ["On se rapproche.", "Quelque chose bouge.", "Les ombres s’allongent.", "Quelque chose va changer.", "Un pas, puis un autre."],
            ["Il n’y a plus de retour possible.", "C’est ici que tout se joue.", "Tout arrive en même temps.", "Un instant, le temps s’arrête."],
            ["La lumière revient.", "Un dernier regard.", "Le calme revient, et rien n’est tout à fait comme avant.", "La vue s’élargit."],
        ],
        [Language.Spanish] =
        [
            ["Todo sigue quieto.", "La imagen se abre despacio.", "Una primera mirada, larga."],
            ["Nos acercamos.", "Algo se mueve.", "Las sombras se alargan.", "Algo está a punto de cambiar.", "Un paso, y luego otro."],
            ["Ya no hay vuelta atrás.", "Aquí se decide todo.", "Todo ocurre a la vez.", "Por un instante, el tiempo se detiene."],
            ["La luz regresa.", "Una última mirada.", "Vuelve la calma, y nada es del todo como antes.", "La vista se abre."],
        ],
        [Language.Italian] =
        [
            ["Tutto è ancora fermo.", "L’immagine si apre lentamente.", "Un primo, lungo sguardo."],
            ["Ci avviciniamo.", "Qualcosa si muove.", "Le ombre si allungano.", "Qualcosa sta per cambiare.", "Un passo, poi un altro."],
            ["Da qui non si torna indietro.", "È qui che tutto si decide.", "Tutto accade insieme.", "Per un attimo il tempo si ferma."],
            ["La luce ritorna.", "Un ultimo sguardo.", "Torna la calma, e nulla è del tutto come prima.", "La vista si apre."],
        ],
        [Language.Portuguese] =
        [
            ["Tudo está ainda imóvel.", "A imagem se abre devagar.", "Um primeiro olhar, demorado."],
            ["Chegamos mais perto.", "Algo se move.", "As sombras se alongam.", "Algo está prestes a mudar.", "Um passo, depois outro."],
            ["Daqui não há volta.", "É aqui que tudo se decide.", "Tudo acontece ao mesmo tempo.", "Por um instante, o tempo para."],
            ["A luz volta.", "Um último olhar.", "A calma retorna, e nada é bem como antes.", "A vista se abre."],
        ],
        [Language.Russian] =
        [
            ["Пока всё тихо.", "Картина открывается медленно.", "Первый долгий взгляд."],
            ["Мы подходим ближе.", "Что-то шевельнулось.", "Тени становятся длиннее.", "Вот-вот что-то изменится.", "Шаг за шагом."],
            ["Пути назад больше нет.", "Здесь решается всё.", "Всё происходит сразу.", "На мгновение время замирает."],
            ["Свет возвращается.", "Последний взгляд.", "Снова тихо, но всё уже немного иначе.", "Вид становится шире."],
        ],
        [Language.Chinese] =
        [
            ["一切还很安静。", "画面缓缓展开。", "第一个长长的凝视。"],
            ["镜头渐渐靠近。", "有什么动了一下。", "影子越来越长。", "有些事即将改变。", "一步，又一步。"],
            ["已经没有回头路。", "一切在此刻决定。", "所有事情同时发生。", "那一瞬间，时间停住了。"],
            ["光又回来了。", "最后一次回望。", "一切重归平静，却已不同。", "视野渐渐开阔。"],
        ],
        [Language.Japanese] =
        [
            ["まだ、すべてが静かだ。", "画面がゆっくりとひらく。", "はじめの、長いまなざし。"],
            ["カメラが少しずつ近づく。", "何かがかすかに動く。", "影が長くなっていく。", "何かが変わろうとしている。", "一歩、また一歩。"],
            ["もう後戻りはできない。", "すべてがここで決まる。", "すべてが同時に起こる。", "一瞬、時が止まる。"],
            ["光が戻ってくる。", "最後のまなざし。", "静けさが戻り、けれど前とは少し違う。", "視界がひらけていく。"],
        ],
    };

    public static IReadOnlyList<string> Of(Language language, int part) => All.TryGetValue(language, out var parts) ? parts[part] : [];
}
