using FrameVideo.Benchmarks;

// What the campaign `reads` starts beside the services: `bare` is what they are compared with, `load` calls either.
return args switch
{
    ["bare", var address, var connectionString, var sql] => await BareApi.RunAsync(address, connectionString, sql),
    ["load"] => await Load.RunAsync(),
    _ => 2,
};
