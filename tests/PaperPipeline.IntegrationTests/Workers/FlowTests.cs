using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>Four workers over a real broker, undisturbed.</summary>
public sealed class FlowTests(SharedBroker broker)
{
    [Fact]
    public async Task Four_workers_make_the_same_documents_as_one_process()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        using var alone = new TestProgram();
        var digests = Digests.WriteMany(Path.Combine(alone.Folder, "digests"), 3, 60);

        await pipeline.StartAllAsync();
        pipeline.DropAll(digests);
        await pipeline.SettledAsync(3);
        await alone.RunAsync("ingest", digests);

        Assert.Equal(
            Digests.Timeless((await alone.ExportAsync()).Out),
            Digests.Timeless((await pipeline.Program.ExportAsync()).Out)
        );
        await pipeline.StopAllAsync();
        Assert.Empty(await pipeline.FilledQueuesAsync());
    }
}
