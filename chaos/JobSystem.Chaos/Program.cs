using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Subjects;
using JobSystem.Chaos.Histories;
using JobSystem.Chaos.Ledgers;
return args[0] switch {
"worker" => await new WorkerProcess(args[2], args[1], TimeProvider.System).RunAsync(),
"producer" => await new ProducerProcess(args[2], args[1], int.Parse(args[3]), TimeProvider.System).RunAsync(),
_ => await X.Go(args) };
internal static class X { public static async Task<int> Go(string[] a) {
 var e = ExperimentReader.Read(a[0], File.ReadAllText(a[0]));
 var f = RunFolder.Create(a[1]);
 var facts = new RunFacts { Experiment = e, Seed = 1, StartedAt = TimeProvider.System.GetUtcNow(), Repeat = "" };
using (var r = new ExperimentRun(facts, f, new JobSystem.Chaos.Targets.SqliteTargetX(f.Path), new T(), TimeProvider.System)) { await r.RunAsync(default); }
 var l = new LedgerFolder(f.Ledger); var t=TimeProvider.System.GetTimestamp();
 var v = HistoryChecker.Check(l, new CheckOptions { MinConfirmed = 10 });
 Console.WriteLine(v); Console.WriteLine(string.Join("\n", l.Doubts)); Console.WriteLine(TimeProvider.System.GetElapsedTime(t)); 
 return 0; } 
 private sealed class T : IRunTeller { public void Tell(string s) => Console.WriteLine(s); public void Watch(RunGauges g) {} } }
