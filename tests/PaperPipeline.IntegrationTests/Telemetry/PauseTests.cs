using PaperPipeline.IntegrationTests.Storage;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Telemetry;

/// <summary>A worker that stops taking messages because its index is in trouble shows it.</summary>
public sealed class PauseTests(SharedBroker broker)
{
    [Fact]
    public async Task A_pause_shows_in_metrics_and_spans_and_each_request_belongs_to_a_bulk()
    {
        SearchServer.Require();
        await using var server = new SearchServer();
        await using var collector = await Collector.StartAsync();
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var full = true;
        await using var faulty = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path =>
                Volatile.Read(ref full) && path.Contains("papers-write/_bulk", StringComparison.Ordinal)
                    ? Fault.DiskFull
                    : Fault.None
        );
        foreach (var (name, value) in collector.Variables)
            pipeline.Program.Variables[name] = value;
        pipeline.Program.Variables["PAPERPIPELINE_INDEX"] = faulty.Address.ToString();
        pipeline.Program.Variables["PAPERPIPELINE_INDEX_PREFIX"] = server.Prefix;
        await pipeline.StartAllAsync();
        pipeline.Program.Write("data/drop/page.txt", Digests.Page(60));

        await Eventually.HoldsAsync(
            () => Value(collector, "paperpipeline.pauses") == 1 && Value(collector, "paperpipeline.paused") == 1,
            "the indexer has paused"
        );
        var faults = faulty.Faults;
        await Eventually.HoldsAsync(() => faulty.Faults > faults, "the index is tried during the pause");
        Volatile.Write(ref full, false);
        await pipeline.SettledAsync(1);
        // The try that ended the pause may have written them all, but they are acknowledged when they come again.
        await Eventually.HoldsAsync(
            () => Value(collector, "paperpipeline.paused") == 0 && Indexed(collector) == 60,
            "the pause is over and the papers are taken again"
        );
        await pipeline.StopAllAsync();

        await Eventually.HoldsAsync(
            () =>
            {
                var arrived = collector.Spans();
                return Task.FromResult(arrived.Named("index").Count(IsIndexed) == 60 && !arrived.Orphans.Any());
            },
            () =>
                $"60 papers have spans; there are {collector.Spans().Named("index").Count(IsIndexed)}"
                + $" and without parents {string.Join(", ", collector.Spans().Orphans.CountBy(name => name))}"
        );
        var spans = collector.Spans();
        // What was taken before the pause went back to the queue, and was taken again.
        Assert.Contains(spans.Named("index"), span => !IsIndexed(span));
        Assert.All(
            spans.Named("index").Where(span => !IsIndexed(span)),
            span => Assert.Contains("paperpipeline.pause", span.Events)
        );
        // A pause is no attempt: nothing failed for it, and what went back came again as it was.
        Assert.Empty(spans.Named("failed"));
        Assert.DoesNotContain(
            spans.All.Where(span => span.Name.EndsWith(" receive", StringComparison.Ordinal)),
            receipt => receipt.Events.Contains("paperpipeline.retry")
        );
        Assert.Contains(
            spans.Named("bulk"),
            bulk => bulk.Events.Contains("paperpipeline.pause") && bulk.Events.Contains("paperpipeline.retry")
        );
        Assert.All(
            spans.All.Where(span => span.Name.StartsWith("bulk ", StringComparison.Ordinal)),
            request => Assert.Equal("bulk", spans[request.Parent].Name)
        );
        Assert.All(
            spans.Named("bulk").SelectMany(bulk => bulk.Links),
            link => Assert.Contains(spans.All, span => span.Id == link)
        );
    }

    private static bool IsIndexed(ExportedSpan span) => span["paperpipeline.paper.id"] is not null;

    private static double Indexed(Collector collector) =>
        collector
            .Metrics()
            .Where(m => m.Name == "paperpipeline.papers" && m.Attributes["paperpipeline.stage"] == "index")
            .Sum(m => m.Value);

    private static double Value(Collector collector, string metric) =>
        collector.Metrics().Where(each => each.Name == metric).Sum(each => each.Value);
}
