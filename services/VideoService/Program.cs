using VideoService;

var app = VideoApp.Build(args);
await app.RunAsync();
