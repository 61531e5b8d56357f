using FrameService;

await using var app = FrameApp.Build(args);
await app.RunAsync();
