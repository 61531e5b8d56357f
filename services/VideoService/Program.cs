using VideoService.Operations;

return await VideoProgram.Create().RunAsync(args);
