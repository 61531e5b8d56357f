using FrameService.Operations;

return await FrameProgram.Create().RunAsync(args);
