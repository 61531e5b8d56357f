using FrameVideo.Local;

return await App.RunAsync(args);
