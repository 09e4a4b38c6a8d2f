using JobSystem;
using JobSystem.Cli.Verbs;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Output;

StandardDescriptors.Look();
if (args is ["worker" or "enqueue", ..])
{
    JobSystemBuilder.PrepareStart();
}

return await JobsProgram.RunAsync(RawArguments.Read(args));
