using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Storage;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.IntegrationTests.Telemetry;

/// <summary>What the programs really export, read back from a collector.</summary>
public sealed class ExportTests(SharedBroker broker)
{
    private const string Prefix = "paperpipeline-";
    private static readonly string[] Stages = ["fetch", "parse", "enrich", "index"];
    private static readonly string[] Services = ["indexer", "enricher", "parser", "fetcher"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("server")]
    public async Task A_paper_is_followed_through_four_processes(string index)
    {
        await using var server = new SearchServer();
        if (index == "server")
            SearchServer.Require();
        await using var collector = await Collector.StartAsync();
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        foreach (var (name, value) in collector.Variables)
            pipeline.Program.Variables[name] = value;
        if (index == "server")
        {
            pipeline.Program.Variables["PAPERPIPELINE_INDEX"] = SearchServer.Url!.ToString();
            pipeline.Program.Variables["PAPERPIPELINE_INDEX_PREFIX"] = server.Prefix;
        }
        int[] sizes = [2300, 1000, 60];
        var first = 1;
        foreach (var size in sizes)
        {
            pipeline.Program.Write($"digests/{size}.txt", Digests.Page(size, first));
            first += size;
        }

        await pipeline.StartAllAsync();
        pipeline.DropAll(Path.Combine(pipeline.Program.Folder, "digests"));
        await pipeline.SettledAsync(sizes.Length);
        await Eventually.HoldsAsync(
            () => Metric(collector, "paperpipeline.queue.messages").Count() == Stages.Length,
            "each worker tells the length of its queue"
        );
        var documents = await pipeline.ReadAsync(
            async store => await store.ExportAsync(Token).ToListAsync(Token),
            new List<PaperDocument>()
        );
        await pipeline.StopAllAsync();

        await ArrivedAsync(collector, sizes.Sum());
        var spans = collector.Spans();
        AssertTraces(spans, documents, sizes);
        AssertBulks(spans, index == "server");
        AssertMessages(spans);
        AssertMetrics(collector, sizes.Sum());
    }

    [Theory]
    [InlineData("ingest")]
    [InlineData("serve")]
    public async Task One_process_exports_what_is_left_when_it_ends(string command)
    {
        await using var collector = await Collector.StartAsync();
        using var program = new TestProgram();
        foreach (var (name, value) in collector.Variables)
            program.Variables[name] = value;
        var serves = command == "serve";
        var page = program.Write(serves ? "data/drop/page.txt" : "page.txt", Digests.Page(60));

        await using var running = serves ? program.Start(command) : program.Start(command, page);
        if (serves)
        {
            await Eventually.HoldsAsync(
                () =>
                    Metric(collector, "paperpipeline.papers")
                        .Any(m => m is { Value: 60, Attributes: var a } && a["paperpipeline.stage"] == "index"),
                "the papers are indexed"
            );
            await running.SignalAsync("TERM");
        }
        await running.EndAsync();

        await ArrivedAsync(collector, 60);
        var spans = collector.Spans();
        Assert.All(spans.All, span => Assert.Equal("paperpipeline", span.Service));
        Assert.All(spans.Named("index"), span => Assert.Equal("fetch", spans.Path(span)[^1].Name));
    }

    [Fact]
    public async Task What_is_ingested_over_a_broker_is_one_trace_with_who_gave_it()
    {
        var page = Digests.Page(30, first: 100);
        await using var source = await SourceServer.StartAsync(context => context.Response.WriteAsync(page));
        await using var collector = await Collector.StartAsync();
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        foreach (var (name, value) in collector.Variables)
            pipeline.Program.Variables[name] = value;
        await pipeline.StartAllAsync();
        var file = pipeline.Program.Write("page.txt", Digests.Page(60));

        var ingested = await pipeline.Program.RunAsync("ingest", file, source.At("/page.txt"));

        Assert.True(ingested.Code == 0, ingested.Error);
        await pipeline.StopAllAsync();
        await ArrivedAsync(collector, 90);
        var spans = collector.Spans();
        string[] fetchers = ["paperpipeline-fetcher", "paperpipeline"];
        // The program reads files itself and asks the fetcher for addresses.
        Assert.Equal(
            [30, 60],
            spans.Named("index").GroupBy(FetchedBy).OrderBy(g => Array.IndexOf(fetchers, g.Key)).Select(g => g.Count())
        );
        Assert.All(spans.Named("index"), span => Assert.Equal("paperpipeline", spans.Path(span)[^1].Service));

        string FetchedBy(ExportedSpan span) => spans.Path(span).Single(each => each.Name == "fetch").Service;
    }

    [Fact]
    public async Task Trouble_of_a_message_is_logged_and_noted_in_its_trace()
    {
        await using var collector = await Collector.StartAsync();
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        foreach (var (name, value) in collector.Variables)
            pipeline.Program.Variables[name] = value;
        var fetcher = await pipeline.StartReadyAsync("Fetcher");
        pipeline.Program.Write("data/drop/page.txt", Digests.Page(20));
        await Eventually.HoldsAsync(() => fetcher.Log.Contains(", trace ", StringComparison.Ordinal), "it is taken");
        var trace = fetcher.Log.Split(", trace ")[1][..32];
        // A digest whose bytes are away is tried again at once, and later.
        Directory.Delete(Path.Combine(pipeline.Program.Archive, "blobs"), recursive: true);

        var parser = await pipeline.StartReadyAsync("Parser");
        await Eventually.HoldsAsync(
            () => Task.FromResult(parser.Log.Split('\n').Any(IsPostponed)),
            () => $"the parser's log names the trace {trace}: {parser.Log}"
        );
        await pipeline.StopAllAsync();

        await Eventually.HoldsAsync(
            () => collector.Spans().Named("failed").Any() && collector.Logs().Any(IsNoted),
            "span and log have arrived"
        );
        var spans = collector.Spans();
        Assert.Empty(spans.Orphans);
        var failed = Assert.Single(spans.Named("failed"));
        Assert.Equal((trace, "paperpipeline.retry"), (failed.TraceId, Assert.Single(failed.Events)));
        Assert.Equal("fetch", spans.Path(failed)[^1].Name);
        Assert.Contains(
            spans.All,
            s => s.Name == "paperpipeline-parse receive" && s.Events.Contains("paperpipeline.retry")
        );

        bool IsPostponed(string line) =>
            line.Contains($"TraceId:{trace}", StringComparison.Ordinal)
            && line.Contains("is tried again in", StringComparison.Ordinal);
        bool IsNoted((string TraceId, string Text) log) =>
            log.TraceId == trace && log.Text.Contains("is tried again in", StringComparison.Ordinal);
    }

    private static Task ArrivedAsync(Collector collector, int papers) =>
        Eventually.HoldsAsync(
            () =>
            {
                var spans = collector.Spans();
                return Task.FromResult(spans.Named("index").Count() == papers && !spans.Orphans.Any());
            },
            () =>
                $"{papers} papers have spans, all with known parents; there are {collector.Spans().Named("index").Count()}"
                + $" and without {string.Join(", ", collector.Spans().Orphans.CountBy(name => name))}"
        );

    private static void AssertTraces(SpanForest spans, List<PaperDocument> documents, int[] sizes)
    {
        var indexed = spans.Named("index").ToList();
        Assert.Equal(
            documents.Select(document => document.Id).Order(StringComparer.Ordinal),
            indexed.Select(span => span["paperpipeline.paper.id"]!).Order(StringComparer.Ordinal)
        );
        foreach (var size in sizes)
        {
            var digest = indexed
                .GroupBy(span => span["paperpipeline.digest.id"], StringComparer.Ordinal)
                .Single(papers => papers.Count() == size);
            var traces = digest
                .GroupBy(span => span.TraceId, StringComparer.Ordinal)
                .OrderBy(papers => papers.Min(Ordinal))
                .ToList();
            Assert.Equal((size + 999) / 1000, traces.Count);
            Assert.All(traces.Select((papers, n) => (papers, n)), part => AssertPart(spans, part.papers, part.n, size));
            var retrieval = Assert.Single(spans.Named("fetch"), span => span["paperpipeline.digest.id"] == digest.Key);
            Assert.Equal(traces[0].Key, retrieval.TraceId);
            Assert.All(digest, span => Assert.Same(retrieval, spans.LinkedPath(span)[^1]));
        }
        var traceOf = indexed
            .Where(span => Ordinal(span) <= 1000)
            .ToDictionary(span => span["paperpipeline.paper.id"]!, span => span.TraceId, StringComparer.Ordinal);
        Assert.All(
            documents.Where(document => traceOf.ContainsKey(document.Id)),
            document => Assert.Equal(traceOf[document.Id], document.TraceId)
        );
    }

    private static void AssertPart(SpanForest spans, IEnumerable<ExportedSpan> papers, int part, int size)
    {
        var (from, to) = (part * 1000 + 1, Math.Min(size, part * 1000 + 1000));
        Assert.Equal(Enumerable.Range(from, to - from + 1), papers.Select(Ordinal).Order());
        Assert.All(
            papers,
            span =>
            {
                var path = spans.Path(span);
                var services = path.Select(each => each.Service[Prefix.Length..]).Distinct(StringComparer.Ordinal);
                Assert.Equal(part == 0 ? Services : Services[..3], services);
                Assert.Equal(
                    part == 0 ? ["index", "parse", "announce", "fetch"] : ["index", "parse"],
                    path.Select(each => each.Name).Where(name => !name.Contains(' ', StringComparison.Ordinal))
                );
                Assert.Equal(part == 0 ? 0 : 1, path[^1].Links.Count);
            }
        );
        var messages = papers.SelectMany(spans.Path).Select(span => span.Id).ToHashSet(StringComparer.Ordinal);
        var enriched = spans.Named("enrich").Where(span => messages.Contains(span.Parent));
        Assert.Equal(papers.Select(Ordinal).Order(), enriched.Select(Ordinal).Order());
    }

    private static void AssertBulks(SpanForest spans, bool server)
    {
        const int client = 3;
        var papers = spans.Named("index").ToDictionary(span => span.Id, StringComparer.Ordinal);
        var bulks = spans
            .Named("bulk")
            .Where(span => span.Links is [var first, ..] && papers.ContainsKey(first))
            .ToList();
        Assert.Equal(papers.Keys.Order(), bulks.SelectMany(bulk => bulk.Links).Order());
        Assert.All(
            bulks,
            bulk =>
            {
                Assert.Equal((client, ""), (bulk.Kind, bulk.Parent));
                Assert.Equal(server ? SearchServer.Url!.Host : null, bulk["server.address"]);
                Assert.Equal(server, bulk["db.system.name"] is "opensearch" or "elasticsearch");
                Assert.Equal(bulk.Links.Count.ToString(null as IFormatProvider), bulk["db.operation.batch.size"]);
            }
        );
        var requests = spans.All.Where(span => span.Name.StartsWith("bulk ", StringComparison.Ordinal)).ToList();
        Assert.Equal(server, requests.Count > 0);
        Assert.All(
            requests,
            request =>
            {
                Assert.Equal((client, "bulk"), (request.Kind, spans[request.Parent].Name));
                Assert.Equal(("200", null), (request["db.response.status_code"], request["error.type"]));
            }
        );
    }

    private static void AssertMessages(SpanForest spans)
    {
        string[] operations = ["send", "receive", "process"];
        var messages = spans
            .All.Where(span => operations.Any(each => span.Name.EndsWith(" " + each, StringComparison.Ordinal)))
            .ToList();
        Assert.Equal(
            operations.Order(StringComparer.Ordinal),
            messages.Select(span => span["messaging.operation.type"]).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.All(
            messages,
            message =>
            {
                Assert.EndsWith(" " + message["messaging.operation.type"], message.Name, StringComparison.Ordinal);
                Assert.Equal("rabbitmq", message["messaging.system"]);
                Assert.StartsWith(message["messaging.destination.name"]!, message.Name, StringComparison.Ordinal);
                Assert.NotNull(message["messaging.message.id"]);
            }
        );
    }

    private static void AssertMetrics(Collector collector, int papers)
    {
        var all = collector.Metrics();
        foreach (var (stage, service) in Stages.Skip(1).Zip(Services[..3].Reverse()))
        {
            var counted = Assert.Single(
                all,
                metric =>
                    metric.Name == "paperpipeline.papers"
                    && metric.Attributes["paperpipeline.stage"] == stage
                    && metric.Attributes["paperpipeline.outcome"] == "ok"
            );
            Assert.Equal((Prefix + service, "{paper}", papers), (counted.Service, counted.Unit, (int)counted.Value));
            Assert.Contains(
                all,
                m =>
                    m is { Name: "paperpipeline.received.size", Unit: "By", Value: > 0 }
                    && m.Attributes["paperpipeline.stage"] == stage
            );
        }
        var latency = Assert.Single(all, metric => metric.Name == "paperpipeline.searchable.latency");
        Assert.Equal(("s", papers), (latency.Unit, (int)latency.Value));
        Assert.All(Metric(collector, "paperpipeline.messages.in_flight"), metric => Assert.Equal(0, metric.Value));
        Assert.All(Metric(collector, "paperpipeline.paused"), metric => Assert.Equal(0, metric.Value));
        Assert.Contains(all, metric => metric.Name.StartsWith("messaging.masstransit.", StringComparison.Ordinal));
    }

    private static IEnumerable<ExportedMetric> Metric(Collector collector, string name) =>
        collector.Metrics().Where(metric => metric.Name == name);

    private static int Ordinal(ExportedSpan span) =>
        int.Parse(span["paperpipeline.entry.ordinal"]!, System.Globalization.CultureInfo.InvariantCulture);
}
