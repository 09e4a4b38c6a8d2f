using JobSystem.Cli.Verbs;

return await JobsProgram.RunAsync(args);
