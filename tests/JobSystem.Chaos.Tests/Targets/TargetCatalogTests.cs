// Targets by name, and what each can be made to do.
using JobSystem.Chaos.Targets;
using Xunit;

namespace JobSystem.Chaos.Tests.Targets;

public sealed class TargetCatalogTests
{
    [Theory]
    [InlineData("compose", 1)]
    [InlineData("plain", 1)]
    [InlineData("4.0", 1)]
    [InlineData("4.3", 1)]
    [InlineData("cluster", 3)]
    public void A_broker_of_ours_can_be_broken_in_every_way_it_has_nodes_for(string name, int nodes)
    {
        var target = TargetCatalog.Create(name, "unused");

        Assert.Equal((name, nodes), (target.Name, target.Nodes));
        Assert.Equal(nodes > 1, target.Powers.HasFlag(TargetPowers.Cluster));
        Assert.True(target.Powers.HasFlag(TargetPowers.Kill | TargetPowers.Pause | TargetPowers.Control));
    }

    [Fact]
    public void A_node_that_is_not_there_is_a_mistake_of_the_caller() => Assert.Throws<ArgumentOutOfRangeException>(
        () => TargetCatalog.Create("4.3", "unused").Recover(2));

    [Fact]
    public void Recovery_names_the_node_where_there_are_several()
    {
        Assert.EndsWith(" cluster recover 2", Words("cluster", 2), StringComparison.Ordinal);
        Assert.EndsWith(" 4.3 recover", Words("4.3", 1), StringComparison.Ordinal);

        static string Words(string name, int node) => string.Join(
            ' ', Assert.IsType<JobSystem.Chaos.Reverting.Revert.Command>(
                Assert.Single(TargetCatalog.Create(name, "unused").Recover(node))).Arguments);
    }

    [Fact]
    public void Somebody_elses_broker_is_never_touched()
    {
        var target = TargetCatalog.Create("amqp://guest:secret@localhost", "unused");

        Assert.Equal((TargetPowers.Amqp, "amqp://localhost:5672"), (target.Powers, target.Name));
        Assert.Empty(target.Removal);
        Assert.Throws<TargetException>(() => { _ = target.KillAsync(1, CancellationToken.None); });
    }

    [Fact]
    public async Task The_embedded_broker_is_a_file_of_the_run()
    {
        using var folder = new ScratchFolder();
        var target = TargetCatalog.Create("sqlite", folder.Path);

        var uri = Assert.Single(await target.UpAsync("run-1", CancellationToken.None));

        Assert.Equal($"sqlite:{folder.File("run-1.db")}", uri.OriginalString);
        Assert.Equal(TargetPowers.None, target.Powers);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_those_there_are_and_without_a_password()
    {
        var error = Assert.Throws<TargetException>(() => TargetCatalog.Create("http://me:secret@host", "unused"));

        Assert.Contains("compose, plain, 4.0, 4.3, cluster, sqlite", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_of_the_repository_there_are_no_scripts_and_the_error_says_what_to_do()
    {
        var error = Assert.Throws<TargetException>(
            () => new BrokerScript("4.3", Path.GetTempPath(), TimeProvider.System));

        Assert.Contains("--target amqp://", error.Message, StringComparison.Ordinal);
    }
}
