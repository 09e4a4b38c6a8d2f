using JobSystem.Chaos.Cli.Verbs;

return await ChaosVerbs.RunAsync(args);
