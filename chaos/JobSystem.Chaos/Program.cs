using JobSystem.Chaos.Verbs;

return await ChaosVerbs.RunAsync(args);
