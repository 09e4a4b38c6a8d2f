using JobSystem.Benchmarks.Verbs;

return await BenchmarkVerbs.RunAsync(args);
