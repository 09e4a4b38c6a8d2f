using System.Diagnostics;
using JobSystem.Cli.Arguments;
using JobSystem.Cli.Processes;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Processes;

namespace JobSystem.Cli.Demo;

/// <summary>
/// Workers as processes of their own: this program again, with a verb that is not in its help. A worker ends when its
/// standard input ends, so none outlives a demo that was killed.
/// </summary>
/// <param name="brokerUri">Goes through the environment: arguments are seen by everybody.</param>
internal sealed class ProcessFleet(
    string brokerUri, DemoSettings settings, DemoFolder folder, TimeProvider clock) : IDemoFleet
{
    public IDemoWorker Start(string name)
    {
        var start = ThisProgram.ToStart(
            VerbNames.DemoWorker, "--queue", settings.Queue, "--folder", folder.Path, "--name", name);
        start.Environment[BrokerAddress.Variable] = brokerUri;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new Worker(name, Process.Start(start)!, clock);
    }

    private sealed class Worker : IDemoWorker
    {
        private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

        private readonly Process _process;
        private readonly TimeProvider _clock;
        private readonly StderrTail _lastWords = new();
        private readonly TaskCompletionSource _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _streams;

        public Worker(string name, Process process, TimeProvider clock)
        {
            (Name, _process, _clock) = (name, process, clock);
            _streams = Task.WhenAll(
                LineRelay.RunAsync(process.StandardOutput.BaseStream, _ => _listens.TrySetResult()),
                LineRelay.RunAsync(process.StandardError.BaseStream, Keep));
        }

        public string Name { get; }

        public string Death => $"SIGKILL to process {_process.Id}";

        public string LastWords
        {
            get
            {
                lock (_lastWords)
                {
                    return _lastWords.ToString();
                }
            }
        }

        public async Task KillAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        public async Task<bool> StopAsync()
        {
            try
            {
                // Before it listens to signals, one would end it without a word.
                var ended = _process.WaitForExitAsync();
                await Task.WhenAny(_listens.Task, ended).WaitAsync(_patience, _clock);
                Posix.Signal(_process.Id, Posix.SigTerm);
                await ended.WaitAsync(_patience, _clock);
                return _process.ExitCode == ExitCode.Done;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
            {
                await KillAsync();
            }

            await _process.StandardInput.BaseStream.DisposeAsync();
            await _streams;
            _process.Dispose();
        }

        private void Keep(ReadOnlySpan<byte> lines)
        {
            lock (_lastWords)
            {
                _lastWords.Add(lines);
            }
        }
    }
}
