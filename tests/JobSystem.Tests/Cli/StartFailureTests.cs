using JobSystem.Cli;
using JobSystem.Cli.Processes;
using JobSystem.Terminal.Processes;
using Xunit;

namespace JobSystem.Tests.Cli;

/// <summary>Commands that could not be started: whose fault it is.</summary>
public sealed class StartFailureTests
{
    /// <summary>An idle worker has some 130 open: each assembly costs two. So a few commands start, and others do not.
    /// </summary>
    private const int MaxFiles = 150;

    [Theory]
    [InlineData(11, "ulimit -u")]
    [InlineData(12, "memory")]
    [InlineData(23, "fs.file-max")]
    [InlineData(24, "ulimit -n")]
    [InlineData(26, "renaming")]
    public void What_others_give_back_has_a_remedy(int error, string remedy) =>
        Assert.Contains(remedy, StartFailure.RemedyOf(error));

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(13)]
    public void A_command_that_is_gone_or_not_executable_is_the_jobs_failure(int error) =>
        Assert.Null(StartFailure.RemedyOf(error));

    [Theory]
    [InlineData("Max open files            125                  4096                 files     ", 125)]
    [InlineData("Max open files            unlimited            unlimited            files     ", int.MaxValue)]
    [InlineData("Max cpu time              unlimited            unlimited            seconds   ", int.MaxValue)]
    public void The_limit_is_read_as_the_kernel_lists_it(string line, int most) =>
        Assert.Equal(most, OpenFiles.MaxOf(["Limit                     Soft Limit", line]));

    [Fact]
    public async Task A_worker_that_runs_out_of_files_burns_no_attempt_of_a_job_that_never_started()
    {
        var folder = Directory.CreateTempSubdirectory("jobs-test-");
        string[] broker = ["--broker", $"sqlite:{Path.Combine(folder.FullName, "jobs.db")}", "--queue", "q"];
        using (var enqueue = new JobsProcess(["enqueue", .. broker, "--lines"]))
        {
            await enqueue.FeedAsync(string.Concat(Enumerable.Repeat("body\n", 30)));
            Assert.Equal(ExitCode.Done, (await enqueue.EndAsync()).ExitCode);
        }

        using (var worker = JobsProcess.StartWithFiles(MaxFiles, [
            "worker", .. broker, "--concurrency", "30", "--max-attempts", "1", "--",
            "sh", "-c", "cat > /dev/null; echo \"ran $JOB_ID\" >&2; sleep 1"]))
        {
            var notStarted = new HashSet<string>();
            while (true)
            {
                var line = await worker.ErrorLineAsync();
                Assert.NotNull(line);
                Assert.DoesNotContain("dead letter", line);
                var words = line.Split(' ');
                if (line.Contains("could not be started", StringComparison.Ordinal))
                {
                    notStarted.Add(words[Array.IndexOf(words, "job") + 1]);
                }
                else if (words is ["ran", var id] && notStarted.Contains(id))
                {
                    break;
                }
            }

            Posix.Signal(worker.Id, Posix.SigTerm);
            Assert.Equal(ExitCode.Done, (await worker.EndAsync()).ExitCode);
        }

        folder.Delete(recursive: true);
    }
}
