using System.Diagnostics;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Processes;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos;

/// <summary>Processes and parts that somebody else's test runs: faults may hit them, nobody replaces them.</summary>
internal sealed class AdoptedFleet : IFleet
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, IFleetProcess> _members = new(StringComparer.Ordinal);

    public IReadOnlyList<IFleetProcess> Workers
    {
        get
        {
            lock (_gate)
            {
                return [.. _members.Values.Where(member => !member.Exited.IsCompleted)];
            }
        }
    }

    public IReadOnlyList<IFleetProcess> Producers => Workers;

    /// <summary>A part of the test's own process: it has a proxy, but is not to be killed.</summary>
    public void AddPart(string name)
    {
        lock (_gate)
        {
            _members.TryAdd(name, new Part(name));
        }
    }

    public void Adopt(string name, Process process)
    {
        lock (_gate)
        {
            _members[name] = new Adopted(name, process);
        }
    }

    public Task SetFailpointAsync(string failpoint, double share) =>
        throw new FaultException("The handlers are the test's own: they have no failpoints.");

    public long HitsOf(string failpoint) => 0;

    private static Task<string?> NoActors(string name) =>
        throw new FaultException($"'{name}' was not started by this run: its actors hear no commands.");

    private sealed class Part(string name) : IFleetProcess
    {
        public string Name => name;

        string IFleetProcess.Member => name;

        public int Pid => Environment.ProcessId;

        public long Birth => ProcessBirth.Of(Pid) ?? 0;

        public Task<int> Exited { get; } = new TaskCompletionSource<int>().Task;

        public bool TakesSignals => false;

        public void Signal(int signal) => throw new FaultException(
            $"'{name}' is a part of the test's own process and is not signalled: adopt a process for that.");

        public Task<string?> CrashActorAsync(string kind, CancellationToken cancellationToken) => NoActors(name);
    }

    private sealed class Adopted : IFleetProcess
    {
        private readonly Process _process;

        public Adopted(string name, Process process)
        {
            (Name, _process, Pid, Birth) = (name, process, process.Id, ProcessBirth.Of(process.Id) ?? 0);
            Exited = ExitAsync();
        }

        public string Name { get; }

        string IFleetProcess.Member => Name;

        public int Pid { get; }

        public long Birth { get; }

        public Task<int> Exited { get; }

        public void Signal(int signal)
        {
            if (ProcessBirth.Of(Pid) == Birth)
            {
                Posix.Signal(Pid, signal);
            }
        }

        public Task<string?> CrashActorAsync(string kind, CancellationToken cancellationToken) => NoActors(Name);

        private async Task<int> ExitAsync()
        {
            await _process.WaitForExitAsync();
            return _process.ExitCode;
        }
    }
}
