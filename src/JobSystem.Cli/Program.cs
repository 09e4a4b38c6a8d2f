using JobSystem.Cli.Arguments;
using JobSystem.Cli.Output;
using JobSystem.Cli.Verbs;

StandardDescriptors.Look();
return await JobsProgram.RunAsync(RawArguments.Read(args));
