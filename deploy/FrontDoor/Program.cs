using FrontDoor;

if (HealthCommand.IsAsked(args)) return await HealthCommand.RunAsync(args);

if (FrontDoorApp.Create(args, out var problem) is not { } app)
{
    await Console.Error.WriteLineAsync(problem);
    return 2;
}

await app.RunAsync();
return 0;
