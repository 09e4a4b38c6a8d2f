using JobSystem;
using JobSystem.Cli.Arguments;
using JobSystem.Cli.Output;
using JobSystem.Cli.Verbs;

StandardDescriptors.Look();
if (args is ["worker" or "enqueue", ..])
{
    JobSystemBuilder.PrepareStart();
}

return await JobsProgram.RunAsync(RawArguments.Read(args));
