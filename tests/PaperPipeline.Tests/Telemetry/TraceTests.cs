using System.Diagnostics;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Tests.Parser;

namespace PaperPipeline.Tests.Telemetry;

/// <summary>The trace of a paper, from the digest it came in to the document it became.</summary>
[Collection(OneAtATime.Name)]
public sealed class TraceTests
{
    private static readonly string[] Stages = ["index", "enrich", "parse", "announce", "fetch"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_paper_has_a_span_in_each_stage_in_the_trace_of_its_retrieval()
    {
        using var spans = new SpanLog();
        IReadOnlyList<string> ids;
        DigestFetched fetched;
        await using (var pipeline = await TracedPipeline.StartAsync())
        {
            fetched = await pipeline.IngestAsync(Pages.Page(Pages.Invent(120)));
            var documents = await pipeline.Store.ExportAsync(Token).ToListAsync(Token);
            Assert.All(documents, document => Assert.Equal(fetched.TraceId, document.TraceId));
            ids = [.. documents.Select(document => document.Id)];
        }

        var indexed = spans.Named("index");
        Assert.Equal(Enumerable.Range(1, 120), indexed.Select(Ordinal).Order());
        Assert.Equal(
            ids.Order(StringComparer.Ordinal),
            indexed.Select(s => (string)s.Tag("paperpipeline.paper.id")!).Order(StringComparer.Ordinal)
        );
        Assert.All(
            indexed,
            span =>
            {
                Assert.Equal(fetched.TraceId, span.TraceId.ToHexString());
                Assert.Equal(fetched.Digest, span.Tag("paperpipeline.digest.id"));
                var path = spans.Path(span);
                // An enriched chunk has one message, not one for each paper: the enrich span lies beside the path.
                Assert.Equal(Stages.Where(stage => stage != "enrich"), path.Stages());
                Assert.Equal(default, path[^1].ParentSpanId);
                Assert.Contains(
                    spans.Named("enrich"),
                    other => Ordinal(other) == Ordinal(span) && path.Any(each => each.SpanId == other.ParentSpanId)
                );
            }
        );
        Assert.All(spans.All, span => Assert.Equal(default, spans.Path(span)[^1].ParentSpanId));
    }

    [Fact]
    public async Task Each_bulk_is_a_trace_of_its_own_and_links_to_the_spans_of_its_papers()
    {
        using var spans = new SpanLog();
        await using (var pipeline = await TracedPipeline.StartAsync())
        {
            await pipeline.IngestAsync(Pages.Page(Pages.Invent(230)));
        }

        var bulks = spans.Named("bulk");
        Assert.All(
            bulks,
            bulk =>
            {
                Assert.Equal((ActivityKind.Client, default), (bulk.Kind, bulk.ParentSpanId));
                Assert.Equal("sqlite", bulk.Tag("db.system.name"));
                Assert.Equal("bulk", bulk.Tag("db.operation.name"));
                Assert.Equal(bulk.Links.Count(), bulk.Tag("db.operation.batch.size"));
                Assert.Null(bulk.Tag("server.address"));
                Assert.Null(bulk.Tag("error.type"));
            }
        );
        var papers = spans.Named("index").ToDictionary(span => span.SpanId);
        var linked = bulks.SelectMany(bulk => bulk.Links, (bulk, link) => (bulk, paper: papers[link.Context.SpanId]));
        Assert.Equal(
            papers.Keys.Select(id => id.ToHexString()).Order(StringComparer.Ordinal),
            linked.Select(pair => pair.paper.SpanId.ToHexString()).Order(StringComparer.Ordinal)
        );
        // A paper is under way before its bulk is written, and settled after it.
        Assert.All(
            linked,
            pair =>
            {
                Assert.True(pair.paper.StartTimeUtc <= pair.bulk.StartTimeUtc);
                Assert.True(
                    pair.paper.StartTimeUtc + pair.paper.Duration >= pair.bulk.StartTimeUtc + pair.bulk.Duration
                );
            }
        );
    }

    [Fact]
    public async Task A_large_digest_goes_on_in_a_further_trace_for_each_thousand_papers()
    {
        using var spans = new SpanLog();
        DigestFetched fetched;
        await using (var pipeline = await TracedPipeline.StartAsync())
        {
            fetched = await pipeline.IngestAsync(Pages.Page(Pages.Invent(2300)));
            Assert.All(
                await pipeline.Store.ExportAsync(Token).ToListAsync(Token),
                document => Assert.Equal(fetched.TraceId, document.TraceId)
            );
        }

        var traces = spans.Named("index").GroupBy(s => s.TraceId, Ordinal).OrderBy(t => t.Min()).ToList();
        Assert.Equal([(1, 1000), (1001, 2000), (2001, 2300)], traces.Select(t => (t.Min(), t.Max())));
        Assert.Equal([1000, 1000, 300], traces.Select(t => t.Count()));
        var first = Assert.Single(spans.Named("parse"), span => span.TraceId.ToHexString() == fetched.TraceId);
        Assert.Equal("fetch", spans.Path(first)[^1].OperationName);
        Assert.All(
            traces.Skip(1).Select((trace, n) => (trace, n)),
            further =>
            {
                var root = Assert.Single(spans.Named("parse"), span => span.TraceId == further.trace.Key);
                Assert.Equal(default, root.ParentSpanId);
                Assert.Equal(first.Context, Assert.Single(root.Links).Context);
                Assert.Equal(further.n + 2, root.Tag("paperpipeline.digest.part"));
                Assert.Equal(fetched.Digest, root.Tag("paperpipeline.digest.id"));
                Assert.All(
                    spans.Named("index").Where(span => span.TraceId == further.trace.Key),
                    span => Assert.Same(root, spans.Path(span)[^1])
                );
            }
        );
    }

    [Fact]
    public async Task A_digest_of_a_thousand_papers_is_one_trace()
    {
        using var spans = new SpanLog();
        await using (var pipeline = await TracedPipeline.StartAsync())
        {
            await pipeline.IngestAsync(Pages.Page(Pages.Invent(1000)));
        }

        Assert.Single(spans.Named("parse"));
        Assert.Equal(1000, spans.Named("index").Count);
        Assert.Single(spans.Named("index").Select(span => span.TraceId).Distinct());
    }

    [Fact]
    public async Task A_digest_announced_again_goes_on_in_the_trace_of_its_retrieval()
    {
        using var spans = new SpanLog();
        DigestFetched fetched;
        await using (var pipeline = await TracedPipeline.StartAsync())
        {
            fetched = await pipeline.IngestAsync(Pages.Page(Pages.Invent(60)));
            await pipeline.AnnounceAsync(fetched);
            await TracedPipeline.UntilAsync(() => Task.FromResult(spans.Named("index").Count == 120));
        }

        Assert.Equal(2, spans.Named("announce").Count);
        var fetch = Assert.Single(spans.Named("fetch"));
        Assert.All(spans.Named("index"), span => Assert.Same(fetch, spans.Path(span)[^1]));
    }

    [Fact]
    public async Task The_retrieval_of_a_known_digest_links_to_the_one_that_counts()
    {
        using var spans = new SpanLog();
        await using var pipeline = await TracedPipeline.StartAsync();
        var first = await pipeline.FetchAsync(Pages.Page(Pages.Invent(5)));

        var again = await pipeline.FetchAsync(Pages.Page(Pages.Invent(5)));

        Assert.Equal(first.TraceId, again.TraceId);
        var fetches = spans.Named("fetch");
        Assert.Equal(2, fetches.Count);
        Assert.Empty(fetches[0].Links);
        Assert.Equal(first.SpanId, Assert.Single(fetches[1].Links).Context.SpanId.ToHexString());
    }

    [Fact]
    public async Task A_digest_that_was_retrieved_without_tracing_begins_the_trace_that_its_papers_name()
    {
        await using var pipeline = await TracedPipeline.StartAsync();
        var fetched = await pipeline.FetchAsync(Pages.Page(Pages.Invent(20)));
        Assert.Null(fetched.SpanId);
        using var spans = new SpanLog();

        await pipeline.IngestAsync(Pages.Page(Pages.Invent(20)));

        await TracedPipeline.UntilAsync(() => Task.FromResult(spans.Named("announce").Count == 1));
        var announce = Assert.Single(spans.Named("announce"));
        Assert.Equal((fetched.TraceId, default), (announce.TraceId.ToHexString(), announce.ParentSpanId));
    }

    [Fact]
    public async Task What_is_not_recorded_when_it_is_retrieved_is_not_recorded_later()
    {
        await using var pipeline = await TracedPipeline.StartAsync();
        DigestFetched fetched;
        using (new SpanLog(recorded: false))
            fetched = await pipeline.FetchAsync(Pages.Page(Pages.Invent(1100)));
        using var spans = new SpanLog();

        await pipeline.IngestAsync(Pages.Page(Pages.Invent(1100)));

        Assert.Equal(fetched.SpanId, Assert.Single(spans.Named("announce")).ParentSpanId.ToHexString());
        string[] stages = ["announce", "parse", "enrich", "index"];
        Assert.DoesNotContain(spans.All, span => span.Recorded && stages.Contains(span.OperationName));
    }

    private static int Ordinal(Activity span) => (int)span.Tag("paperpipeline.entry.ordinal")!;
}
