using System.Net;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>A worker that cannot do its work lives on, is not ready, and says what it lacks.</summary>
public sealed class HealthTests(SharedBroker broker)
{
    [Theory]
    [InlineData("Fetcher", "archive")]
    [InlineData("Parser", "archive")]
    [InlineData("Indexer", "papers.db")]
    public async Task A_worker_says_what_it_lacks_and_is_ready_when_it_is_there(string stage, string missing)
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        Directory.CreateDirectory(pipeline.Program.DataDir);
        var place = Path.Combine(pipeline.Program.DataDir, missing);
        // Nobody can write into a folder that is a file, or into a database that is a folder; root neither.
        if (stage == "Indexer")
            Directory.CreateDirectory(place);
        else
            await File.WriteAllTextAsync(place, "", TestContext.Current.CancellationToken);

        var worker = pipeline.Start(stage);
        await worker.NotReadyAsync(place);
        Assert.Equal(HttpStatusCode.OK, (await worker.HealthAsync("live")).Code);

        if (stage == "Indexer")
            Directory.Delete(place);
        else
            File.Delete(place);
        Directory.CreateDirectory(stage == "Parser" ? place : pipeline.Program.DataDir);
        await worker.ReadyAsync();
    }

    [Fact]
    public async Task An_indexer_says_which_server_does_not_answer()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var address = $"127.0.0.1:{SourceServer.ClosedPort()}";
        pipeline.Program.Variables["PAPERPIPELINE_INDEX"] = $"http://reader:secret@{address}";

        var worker = pipeline.Start("Indexer");

        var said = await worker.NotReadyAsync(address);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
    }
}
