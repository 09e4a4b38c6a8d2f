using System.Text;
using JobSystem.Cli;
using JobSystem.Terminal.Output;
using Microsoft.Extensions.Logging;
using Xunit;

namespace JobSystem.Tests.Terminal;

public sealed class ConsoleLogTests
{
    [Fact]
    public void A_reader_that_has_stopped_reading_holds_up_nobody_and_learns_what_it_missed()
    {
        using var reader = new StoppedReader();
        var log = new ConsoleLog(
            new LogStyle(LogLevel.Information, false, false), new LineWriter(reader), TimeProvider.System);
        var logger = log.CreateLogger("test");
        for (var line = 0; line < 30_000; line++)
        {
            logger.GivingUp($"line {line}");
        }

        reader.GoOn();
        logger.GivingUp("the last one");
        log.Dispose();

        var written = reader.Text;
        Assert.Contains("line 0\n", written);
        Assert.DoesNotContain("line 29999\n", written);
        Assert.Matches(@"\d+ log lines were dropped", written);
    }

    [Fact]
    public void Less_than_the_level_is_not_written()
    {
        var target = new MemoryStream();
        using (var log = new ConsoleLog(
            new LogStyle(LogLevel.Warning, false, false), new LineWriter(target), TimeProvider.System))
        {
            log.CreateLogger("test").DrainBegins("SIGTERM", "1 s");
            log.CreateLogger("test").GuardianReplaced();
        }

        Assert.Single(Encoding.UTF8.GetString(target.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private sealed class StoppedReader : MemoryStream
    {
        private readonly ManualResetEventSlim _goOn = new();

        public string Text => Encoding.UTF8.GetString(ToArray());

        public void GoOn() => _goOn.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _goOn.Wait();
            base.Write(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            _goOn.Dispose();
            base.Dispose(disposing);
        }
    }
}
