using System.Globalization;
using FrameVideo.Benchmarks;
using FrameVideo.Benchmarks.Films;

// `films` is what `tests/bench` runs; `film` renders one again and again, for a profiler. The others are started by campaigns beside the services. `reads`: `bare` is what they are compared
// with, `load` calls either. `slow-clients`: `attack` is who does not behave.
return args switch
{
    ["films", var rounds] => await FilmBench.RunAsync(int.Parse(rounds, CultureInfo.InvariantCulture)),
    ["film", var times] => await FilmBench.RenderAsync(int.Parse(times, CultureInfo.InvariantCulture)),
    ["bare", var address, var connectionString, var sql] => await BareApi.RunAsync(address, connectionString, sql),
    ["load"] => await Load.RunAsync(),
    ["attack", var address, var film] => await Attack.RunAsync(address, film),
    _ => 2,
};
