using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>What keeps a worker from starting is one line for a person, and an exit code.</summary>
public sealed class WorkerStartTests(SharedBroker broker) : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("guest:wrong", "", "password")]
    [InlineData("guest:guest", "/nowhere", "nowhere")]
    public async Task A_broker_that_refuses_is_exit_code_1(string user, string virtualHost, string reason)
    {
        var address = (await broker.NewHostAsync()).Broker.Address;

        var run = await RunAsync($"amqp://{user}@{address.Authority}{virtualHost}");

        Assert.Equal(1, run.Code);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.Contains(address.Authority, line, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong@", line, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_waited_for_and_then_exit_code_1()
    {
        var address = $"127.0.0.1:{SourceServer.ClosedPort()}";

        var run = await RunAsync($"amqp://guest:secret@{address}");

        Assert.Equal(1, run.Code);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains(address, line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("memory")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_bus_that_is_none_is_exit_code_2(string? bus)
    {
        var run = await RunAsync(bus);

        Assert.Equal(2, run.Code);
        Assert.Contains("PAPERPIPELINE_BUS", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workers_come_up_where_the_broker_fails_at_first_in_making_queues()
    {
        var host = await broker.NewHostAsync();
        await using var front = new FailingBroker(
            host.Broker.Address,
            (queue, asked) => (queue, asked) is (Routes.Parse or Routes.Index, 1 or 3)
        );
        await using var pipeline = new TestPipeline(host);
        pipeline.Program.Variables["PAPERPIPELINE_BUS"] = front.AddressOf(host);

        // Started as one, they ask for the same queues.
        await pipeline.StartAllAsync();
        var run = await pipeline.Program.RunAsync("ingest", pipeline.Program.Write("digest.txt", Digests.Page(3)));

        Assert.Equal((0, "1 digest, 3 papers: 3 indexed, 0 dead letters"), (run.Code, run.LastLine));
        Assert.Equal(4, front.Failures);
        await pipeline.StopAllAsync();
    }

    private async Task<ProgramRun> RunAsync(string? bus)
    {
        Dictionary<string, string> settings = new() { ["PAPERPIPELINE_DATA_DIR"] = _folder["data"] };
        if (bus is not null)
            settings["PAPERPIPELINE_BUS"] = bus;
        await using var worker = new Worker("Enricher", _folder.Path, settings);
        return await worker.EndAsync();
    }
}
