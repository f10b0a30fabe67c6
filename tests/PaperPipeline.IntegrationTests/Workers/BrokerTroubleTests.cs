using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary><c>ingest</c> while broker, index or archive are in trouble.</summary>
public sealed class BrokerTroubleTests(SharedBroker broker)
{
    [Theory]
    [InlineData("closed", "Cannot")]
    [InlineData("wrong password", "password")]
    [InlineData("no such host", "nowhere")]
    public async Task A_bus_that_cannot_be_used_is_one_line_at_the_start(string trouble, string said)
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var digest = pipeline.Program.Write("digest.txt", Digests.Page(3));
        var address = new UriBuilder(pipeline.Host.Address);
        if (trouble == "closed")
            address.Port = SourceServer.ClosedPort();
        if (trouble == "wrong password")
            address.Password = "no-secret";
        if (trouble == "no such host")
            address.Path = "/nowhere";

        foreach (
            var command in (string[][])
                [
                    ["ingest", digest],
                    ["ingest", "--no-wait", digest],
                    ["check"],
                ]
        )
        {
            var run = await pipeline.Program.RunAsync([.. command, "--bus", address.ToString()]);

            Assert.Equal(1, run.Code);
            var line = command is ["check"] ? run.Lines[^1] : Assert.Single(run.ErrorLines);
            Assert.Contains(said, line, StringComparison.Ordinal);
            Assert.DoesNotContain("no-secret", run.Error + run.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Queues_that_cannot_be_had_are_one_line_at_the_start()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var digest = pipeline.Program.Write("digest.txt", Digests.Page(3));
        var user = new UriBuilder(pipeline.Host.Address) { UserName = $"reader-{pipeline.Host.Name}", Password = "x" };
        await pipeline.Host.Broker.ControlAsync("-q", "add_user", user.UserName, user.Password);
        string[] rights = ["^$", "^$", ".*"];
        await pipeline.Host.Broker.ControlAsync([
            "-q",
            "set_permissions",
            "-p",
            pipeline.Host.Name,
            user.UserName,
            .. rights,
        ]);

        var noRights = await pipeline.Program.RunAsync("ingest", digest, "--bus", user.ToString());
        await using (var connection = await pipeline.Host.ConnectAsync())
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Token))
            await channel.QueueDeclareAsync(
                "paperpipeline-parse",
                durable: true,
                exclusive: false,
                autoDelete: false,
                cancellationToken: Token
            );
        var otherVersion = await pipeline.Program.RunAsync("ingest", digest);

        Assert.Equal((1, 1), (noRights.Code, otherVersion.Code));
        Assert.Contains("rights", Assert.Single(noRights.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("paperpipeline-parse", Assert.Single(otherVersion.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_or_archive_that_cannot_be_used_is_one_line_at_the_start()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var digest = pipeline.Program.Write("digest.txt", Digests.Page(3));
        var file = pipeline.Program.Write("file", "");
        var index = $"http://127.0.0.1:{SourceServer.ClosedPort()}";

        var noIndex = await pipeline.Program.RunAsync("ingest", digest, "--index", index);
        var noArchive = await pipeline.Program.RunAsync("ingest", digest, "--archive", Path.Combine(file, "archive"));
        var noWait = await pipeline.Program.RunAsync("ingest", "--no-wait", digest, "--index", index);

        Assert.Equal(1, noIndex.Code);
        Assert.Contains(index, Assert.Single(noIndex.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(1, noArchive.Code);
        Assert.Contains("archive", Assert.Single(noArchive.ErrorLines), StringComparison.Ordinal);
        Assert.Equal((0, "1 digest handed over"), (noWait.Code, noWait.LastLine));
    }

    [Fact]
    public async Task A_broker_that_is_killed_and_comes_back_is_waited_for()
    {
        DebianBroker.Require();
        await using var own = await DebianBroker.StartAsync();
        await using var pipeline = new TestPipeline(own.Default);
        await using var source = await SourceServer.StartAsync(context =>
            context.Response.WriteAsync(Digests.Page(3, 900))
        );
        var digests = Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), 10, 60);
        await pipeline.StartAllAsync();
        await using var running = pipeline.Program.Start("ingest", digests, source.At("/digest.txt"));
        await Eventually.HoldsAsync(
            async () => await pipeline.ReadAsync(async store => (await store.ListAsync(Token)).Count, 0) > 0,
            "the first digest is known"
        );

        await own.KillAsync();
        await Eventually.HoldsAsync(
            () => running.HasEnded || running.Error.Contains("waiting: ", StringComparison.Ordinal),
            () => $"it says what it waits for. It wrote: {running.Out}{running.Error}"
        );
        await own.StartAgainAsync();

        Assert.Equal("11 digests, 603 papers: 603 indexed, 0 dead letters", (await running.EndAsync()).LastLine);
    }

    [Fact]
    public async Task Queues_that_are_deleted_under_their_workers_are_made_again_and_listened_to()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var digest = pipeline.Program.Write("digest.txt", Digests.Page(3));
        await pipeline.StartAllAsync();

        await using (var connection = await pipeline.Host.ConnectAsync())
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Token))
            foreach (var stage in (string[])["fetch", "parse", "enrich", "index"])
                await channel.QueueDeleteAsync($"paperpipeline-{stage}", false, false, cancellationToken: Token);
        var run = await pipeline.Program.RunAsync("ingest", digest);

        Assert.Equal((0, "1 digest, 3 papers: 3 indexed, 0 dead letters"), (run.Code, run.LastLine));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
