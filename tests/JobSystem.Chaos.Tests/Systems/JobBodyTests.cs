using JobSystem.Chaos.Systems;
using Xunit;

namespace JobSystem.Chaos.Tests.Systems;

public sealed class JobBodyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(200)]
    [InlineData(70_000)]
    public void A_payload_says_whose_it_is(int length)
    {
        var body = JobBody.Create(new JobId("producer-1.2-000017"), length);

        Assert.True(JobBody.TryGetJob(body, out var job));
        Assert.Equal("producer-1.2-000017", job.Value);
        Assert.Equal(Math.Max(length, 20), body.Length);
    }

    [Fact]
    public void The_same_job_has_the_same_payload_and_another_has_another()
    {
        Assert.Equal(JobBody.Create(new JobId("a"), 50), JobBody.Create(new JobId("a"), 50));
        Assert.NotEqual(JobBody.Create(new JobId("a"), 50)[2..], JobBody.Create(new JobId("b"), 50)[2..]);
    }

    [Theory]
    [InlineData("job-1\n...", "job-1")]
    [InlineData("job-1\n", "job-1")]
    [InlineData("job-1", null)]
    [InlineData("\n", null)]
    [InlineData("", null)]
    [InlineData("jöb\n", null)]
    public void A_job_is_known_by_the_first_line_of_its_body(string body, string? expected) => Assert.Equal(
        expected, JobBody.TryGetJob(System.Text.Encoding.UTF8.GetBytes(body), out var job) ? job.Value : null);

    [Fact]
    public void A_first_line_without_end_is_nobodys_job() =>
        Assert.False(JobBody.TryGetJob([.. Enumerable.Repeat((byte)'a', 100_000), (byte)'\n'], out _));

    [Fact]
    public void Bytes_of_somebody_else_name_no_job_and_harm_nobody()
    {
        var random = new Random(1);
        Assert.False(JobBody.TryGetJob([], out _));
        Assert.False(JobBody.TryGetJob("\n"u8, out _));
        Assert.False(JobBody.TryGetJob(new byte[10_000], out _));
        for (var round = 0; round < 1000; round++)
        {
            var bytes = new byte[random.Next(600)];
            random.NextBytes(bytes);
            _ = JobBody.TryGetJob(bytes, out _); // whatever it says, it must not throw
        }
    }
}
