using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Storage;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.IntegrationTests.Telemetry;

/// <summary>Every metric of the documentation, read back from a collector in one run of the four workers.</summary>
public sealed class MetricsTests(SharedBroker broker)
{
    private const string Prefix = "paperpipeline-";
    private const string Retrying = "/retried.txt";

    // What fails as often is given up by its consumer, and tried again later.
    private const int TriesAtOnce = 5;

    private static readonly string[] Stages = ["fetch", "parse", "enrich", "index"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("server")]
    public async Task Every_documented_metric_and_no_other_is_exported_with_its_unit_and_value(string index)
    {
        await using var server = new SearchServer();
        if (index == "server")
            SearchServer.Require();
        await using var collector = await Collector.StartAsync();
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        foreach (var (name, value) in collector.Variables)
            pipeline.Program.Variables[name] = value;
        pipeline.Program.Variables["PAPERPIPELINE_RETRY_DELAYS"] = "1";
        var blocked = index == "server";
        await using var faulty = blocked
            ? await FaultyServer.StartAsync(
                SearchServer.Url!,
                path =>
                    Volatile.Read(ref blocked) && path.Contains("papers-write/_bulk", StringComparison.Ordinal)
                        ? Fault.DiskFull
                        : Fault.None
            )
            : null;
        if (faulty is not null)
        {
            pipeline.Program.Variables["PAPERPIPELINE_INDEX"] = faulty.Address.ToString();
            pipeline.Program.Variables["PAPERPIPELINE_INDEX_PREFIX"] = server.Prefix;
        }
        var asked = 0;
        await using var source = await SourceServer.StartAsync(context =>
        {
            if (context.Request.Path == Retrying && Interlocked.Increment(ref asked) > TriesAtOnce)
                return context.Response.WriteAsync(Digests.Page(10, first: 5000, day: null));
            context.Response.StatusCode = context.Request.Path == Retrying ? 503 : 404;
            return Task.CompletedTask;
        });
        await pipeline.StartAllAsync();
        pipeline.Program.Write("digests/known.txt", Digests.Page(1200, day: null));
        pipeline.Program.Write("digests/unknown.txt", "Dear all,\n\nthe meeting is at ten.\n");

        pipeline.DropAll(Path.Combine(pipeline.Program.Folder, "digests"));
        if (faulty is not null)
        {
            await Eventually.HoldsAsync(
                () =>
                    collector.Metrics() is var metrics
                    && Sum(metrics, "paperpipeline.paused") == 1
                    && Sum(metrics, "paperpipeline.pauses") == 1,
                "the indexer has paused"
            );
            Volatile.Write(ref blocked, false);
        }
        var ingested = await pipeline.Program.RunAsync(
            "ingest",
            "--timeout",
            "90",
            source.At(Retrying),
            source.At("/nowhere.txt")
        );
        Assert.True(ingested.Code == 3, ingested.Error);
        await pipeline.SettledAsync(3);
        await pipeline.AtRestAsync();

        var expected = await ExpectedAsync(pipeline);
        IReadOnlyList<ExportedMetric> last = [];
        await Eventually.HoldsAsync(
            () =>
            {
                // All that was ever exported is read, so once for all values.
                last = collector.Metrics();
                return expected.All(value => Value(last, value) == value.Number);
            },
            () =>
                string.Join(
                    '\n',
                    expected
                        .Where(value => Value(last, value) != value.Number)
                        .Select(value => $"{value} is {Value(last, value)}")
                )
        );
        await pipeline.StopAllAsync();
        last = collector.Metrics();
        AssertDocumented(last);
        Assert.Equal(faulty is null ? 0 : 1, Sum(last, "paperpipeline.pauses"));
        foreach (var (metric, stages) in Positive)
            Assert.All(
                stages,
                stage => Assert.True(Of(last, metric, [("stage", stage)]).Sum(m => m.Value) > 0, $"{metric} {stage}")
            );
        var bulks = Assert.Single(Of(last, "paperpipeline.bulk.size", []));
        Assert.Equal(1210, bulks.Sum);
    }

    private sealed record Expected(string Metric, double Number, params (string Key, string Value)[] Attributes);

    private static readonly (string Metric, string[] Stages)[] Positive =
    [
        ("paperpipeline.received.size", Stages),
        ("paperpipeline.stage.duration", Stages),
        ("paperpipeline.retries", ["fetch"]),
    ];

    // What the accounts say, asked in another way than the workers ask.
    private static async Task<IReadOnlyList<Expected>> ExpectedAsync(TestPipeline pipeline)
    {
        var papers = await pipeline.CountAsync();
        var letters = await pipeline.LettersAsync();
        var ledger = await pipeline.ReadAsync(store => store.ListAsync(Token), []);
        Assert.Equal((1210, 2), (papers, letters.Count));
        var bytes = ledger.Sum(digest => new FileInfo(BlobOf(pipeline, digest)).Length);
        return
        [
            .. Stages[1..]
                .SelectMany(stage =>
                    (Expected[])
                        [
                            new("paperpipeline.papers", papers, ("stage", stage), ("outcome", "ok")),
                            new("paperpipeline.papers", 0, ("stage", stage), ("outcome", "failed")),
                        ]
                ),
            .. Stages.SelectMany(stage =>
                (Expected[])
                    [
                        new("paperpipeline.messages.in_flight", 0, ("stage", stage)),
                        new("paperpipeline.queue.messages", 0, ("stage", stage)),
                        new("paperpipeline.queue.oldest", 0, ("stage", stage)),
                    ]
            ),
            .. letters
                .CountBy(letter => (letter.Rejected.Stage, Kind: RejectionKind.Of(letter.Rejected)))
                .Select(kind => new Expected(
                    "paperpipeline.dead_letters",
                    kind.Value,
                    ("stage", kind.Key.Stage),
                    ("error.type", kind.Key.Kind)
                )),
            new("paperpipeline.dead_letters", letters.Count),
            new("paperpipeline.digest.size", bytes),
            new("paperpipeline.searchable.latency", papers),
            new("paperpipeline.papers.in_flight", 0),
            new("paperpipeline.paused", 0),
            .. ((string[])["fetched", "indexing", "complete", "partial", "failed"]).Select(state => new Expected(
                "paperpipeline.ledger.digests",
                ledger.Count(digest => digest.State == state),
                ("state", state)
            )),
            new("paperpipeline.ledger.papers", papers, ("state", "indexed"), ("shape", "huggingface-trending-text")),
            new("paperpipeline.ledger.papers", 0, ("state", "missing")),
            new("paperpipeline.ledger.oldest", 0),
        ];
    }

    private static string BlobOf(TestPipeline pipeline, DigestStatus digest) =>
        Directory
            .EnumerateFiles(
                Path.Combine(pipeline.Program.Archive, "blobs"),
                digest.Digest + "*",
                SearchOption.AllDirectories
            )
            .Single();

    private static void AssertDocumented(IReadOnlyList<ExportedMetric> metrics)
    {
        var exported = metrics
            .Where(metric => metric.Service.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(metric => new DocumentedMetric(metric.Name, metric.Kind, metric.Unit))
            .ToHashSet();

        Assert.Empty(exported.Except(DocumentedMetrics.All));
        Assert.Empty(DocumentedMetrics.All.Except(exported));
    }

    private static double? Value(IReadOnlyList<ExportedMetric> metrics, Expected expected) =>
        Of(metrics, expected.Metric, expected.Attributes).Select(metric => metric.Value).ToList()
            is { Count: > 0 } values
            ? values.Sum()
            : null;

    private static double Sum(IReadOnlyList<ExportedMetric> metrics, string metric) =>
        Of(metrics, metric, []).Sum(m => m.Value);

    private static IEnumerable<ExportedMetric> Of(
        IReadOnlyList<ExportedMetric> metrics,
        string metric,
        (string Key, string Value)[] attributes
    ) =>
        metrics.Where(each =>
            each.Name == metric
            && each.Service.StartsWith(Prefix, StringComparison.Ordinal)
            && attributes.All(a =>
                each.Attributes.GetValueOrDefault(
                    a.Key.Contains('.', StringComparison.Ordinal) ? a.Key : "paperpipeline." + a.Key
                ) == a.Value
            )
        );
}
