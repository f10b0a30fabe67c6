using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PaperPipeline.ServiceDefaults.Health;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Tests.Parser;

namespace PaperPipeline.Tests.Telemetry;

[Collection(OneAtATime.Name)]
public sealed partial class MetricTests
{
    private static readonly WorkerIdentity Indexer = new("indexer", "paperpipeline-index", 40);

    [Fact]
    public async Task What_is_counted_is_what_was_indexed()
    {
        using var measured = new MeasurementLog();
        await using (var pipeline = await TracedPipeline.StartAsync())
        {
            await pipeline.IngestAsync(Pages.Page(Pages.Invent(230)));
        }

        foreach (var stage in (string[])["parse", "enrich", "index"])
            Assert.Equal(230, measured.Sum("paperpipeline.papers", stage));
        Assert.Equal(230, measured.Sum("paperpipeline.bulk.size", "index"));
        Assert.Equal(230, measured.All.Count(m => m.Name == "paperpipeline.searchable.latency"));
        Assert.Equal(0, measured.Sum("paperpipeline.papers.in_flight"));
        foreach (var stage in (string[])["parse", "enrich", "index"])
        {
            Assert.True(measured.Sum("paperpipeline.received.size", stage) > 0);
            Assert.Equal(0, measured.Sum("paperpipeline.messages.in_flight", stage));
            Assert.Contains(measured.All, m => m.Name == "paperpipeline.messages.in_flight" && m.Value > 0);
        }
    }

    [Fact]
    public async Task Every_measurement_but_none_else_is_in_the_table_of_the_documentation()
    {
        using var measured = new MeasurementLog();
        PipelineTelemetry.CountRetry("index");
        using var queue = new QueueReading(Indexer, TimeProvider.System);
        using var guard = new PaperPipeline.Indexer.SinkGuard(TimeProvider.System);
        using var paused = new PaperPipeline.Indexer.PauseGauge(guard);
        await paused.StartAsync(TestContext.Current.CancellationToken);
        using var ledger = new PaperPipeline.Indexer.LedgerGauge(
            null!,
            TimeProvider.System,
            NullLogger<PaperPipeline.Indexer.LedgerGauge>.Instance
        );

        var documented = File.ReadLines(Documentation())
            .Select(line => Row().Match(line))
            .Where(row => row.Success)
            .Select(row => $"{row.Groups["name"].Value} {row.Groups["kind"].Value} {row.Groups["unit"].Value}");

        Assert.Equal(
            measured.Instruments.Select(i => $"{i.Name} {Kind(i)} {i.Unit}").Order(StringComparer.Ordinal),
            documented.Order(StringComparer.Ordinal)
        );
        Assert.All(
            measured.Instruments,
            instrument => Assert.EndsWith(".", instrument.Description, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_age_of_a_queue_is_that_of_the_message_taken_last_while_others_wait()
    {
        using var measured = new MeasurementLog();
        var clock = new FakeTimeProvider();
        using var queue = new QueueReading(Indexer, clock);

        Assert.Null(measured.Read("paperpipeline.queue.messages"));
        Assert.Null(measured.Read("paperpipeline.queue.oldest"));

        queue.Saw(7);
        Assert.Equal(7, measured.Read("paperpipeline.queue.messages"));
        Assert.Null(measured.Read("paperpipeline.queue.oldest"));

        queue.Took(clock.GetUtcNow().UtcDateTime);
        clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(90, measured.Read("paperpipeline.queue.oldest"));

        queue.Saw(0);
        Assert.Equal(0, measured.Read("paperpipeline.queue.messages"));
        Assert.Equal(0, measured.Read("paperpipeline.queue.oldest"));

        queue.SawNothing();
        Assert.Null(measured.Read("paperpipeline.queue.messages"));
        Assert.Null(measured.Read("paperpipeline.queue.oldest"));
    }

    [Theory]
    [InlineData("rabbitmq://host/paperpipeline-parse?durable=true", "parse")]
    [InlineData("rabbitmq://host/a%2Fhost/paperpipeline-index_alone", "index")]
    [InlineData("loopback://localhost/paperpipeline-fetch-arxiv", "fetch")]
    [InlineData("loopback://localhost/paperpipeline-other", null)]
    [InlineData("rabbitmq://host/paperpipeline-fetch/bus-1", null)]
    public void A_queue_belongs_to_the_stage_that_takes_from_it(string address, string? stage) =>
        Assert.Equal(stage, MessageStage.Of(new Uri(address)));

    private static string Kind(Instrument instrument) =>
        instrument.GetType().Name.Split('`')[0] switch
        {
            "UpDownCounter" => "up-down counter",
            "ObservableGauge" => "gauge",
            var kind => kind.ToLowerInvariant(),
        };

    private static string Documentation()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PaperPipeline.sln")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "docs", "telemetry.md");
    }

    [GeneratedRegex(
        @"^\| `(?<name>paperpipeline\.[a-z._]+)` \| (?<kind>counter|up-down counter|gauge|histogram) \| (?<unit>\S+) \|"
    )]
    private static partial Regex Row();
}
