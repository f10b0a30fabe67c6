using System.Diagnostics;
using PaperPipeline.Tests.Parser;

namespace PaperPipeline.Tests.Telemetry;

/// <summary>What goes wrong with a paper or a digest is noted on its spans, and counted.</summary>
[Collection(OneAtATime.Name)]
public sealed class EventTests
{
    [Fact]
    public async Task A_message_that_is_tried_again_is_noted_on_the_span_of_its_receipt()
    {
        using var spans = new SpanLog();
        using var measured = new MeasurementLog();
        await using (var pipeline = await TracedPipeline.StartAsync())
        {
            var fetched = await pipeline.FetchAsync(Pages.Page(Pages.Invent(20)));
            var blob = Path.Combine(pipeline.Archive.Root, "blobs", fetched.Digest[..2], fetched.Digest);
            File.Move(blob, blob + ".away");
            await pipeline.AnnounceAsync(fetched);
            await TracedPipeline.UntilAsync(() => Task.FromResult(measured.Sum("paperpipeline.retries", "parse") > 0));
            File.Move(blob + ".away", blob);
            await TracedPipeline.UntilAsync(() => Task.FromResult(spans.Named("index").Count == 20));
        }

        var receipt = Assert.Single(spans.Named("paperpipeline-parse receive"));
        Assert.NotEmpty(receipt.EventNames());
        Assert.All(receipt.EventNames(), name => Assert.Equal("paperpipeline.retry", name));
        Assert.Equal(receipt.Events.Count(), measured.Sum("paperpipeline.retries", "parse"));
        Assert.Equal(typeof(FileNotFoundException).FullName, receipt.Events.First().Tags.First().Value);
        // Each attempt is a parse span; those that failed say so.
        var attempts = spans.Named("parse");
        Assert.Equal(receipt.Events.Count(), attempts.Count(span => span.Status == ActivityStatusCode.Error));
        Assert.Single(attempts, span => span.Status == ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task A_bulk_that_the_index_does_not_take_notes_each_attempt_and_shows_as_a_pause()
    {
        using var spans = new SpanLog();
        using var measured = new MeasurementLog();
        await using (var pipeline = await TracedPipeline.StartAsync())
        {
            Assert.Equal(0, measured.Read("paperpipeline.paused"));
            var fetched = await pipeline.FetchAsync(Pages.Page(Pages.Invent(200)));
            pipeline.Store.LimitPages(30);
            await pipeline.AnnounceAsync(fetched);
            await TracedPipeline.UntilAsync(() => Task.FromResult(measured.Sum("paperpipeline.retries", "index") > 1));
            Assert.Equal(1, measured.Read("paperpipeline.paused"));
            pipeline.Store.LimitPages(1_000_000);
            await TracedPipeline.UntilAsync(() => Task.FromResult(spans.Named("index").Count == 200));
            Assert.Equal(0, measured.Read("paperpipeline.paused"));
        }

        var troubled = spans.Named("bulk").Where(bulk => bulk.Events.Any()).ToList();
        Assert.NotEmpty(troubled);
        Assert.All(troubled.SelectMany(bulk => bulk.EventNames()), name => Assert.Equal("paperpipeline.retry", name));
        // They were written in the end.
        Assert.All(troubled, bulk => Assert.Equal(ActivityStatusCode.Unset, bulk.Status));
        Assert.All(spans.Named("index"), span => Assert.NotNull(span.Tag("paperpipeline.paper.id")));
    }

    [Fact]
    public async Task A_stop_while_the_index_is_in_trouble_is_noted_on_bulk_and_papers()
    {
        using var spans = new SpanLog();
        using var measured = new MeasurementLog();
        await using (var pipeline = await TracedPipeline.StartAsync())
        {
            var fetched = await pipeline.FetchAsync(Pages.Page(Pages.Invent(200)));
            pipeline.Store.LimitPages(30);
            await pipeline.AnnounceAsync(fetched);
            await TracedPipeline.UntilAsync(() => Task.FromResult(measured.Sum("paperpipeline.retries", "index") > 1));
        }

        var bulk = Assert.Single(spans.Named("bulk"), bulk => bulk.EventNames().Contains("paperpipeline.pause"));
        Assert.Equal(ActivityStatusCode.Error, bulk.Status);
        Assert.NotNull(bulk.Tag("error.type"));
        Assert.NotEmpty(spans.Named("index"));
        Assert.Contains(
            spans.Named("index"),
            span => span.EventNames().Contains("paperpipeline.pause") && span.Status == ActivityStatusCode.Error
        );
    }

    [Fact]
    public async Task A_dead_letter_is_noted_on_the_span_in_which_it_arose()
    {
        using var spans = new SpanLog();
        using var measured = new MeasurementLog();
        await using (var pipeline = await TracedPipeline.StartAsync())
        {
            await pipeline.IngestAsync("Dear all,\n\nthe meeting is at ten.\n\nBest\n");
        }

        var parse = Assert.Single(spans.Named("parse"));
        Assert.Equal(["paperpipeline.dead_letter"], parse.EventNames());
        Assert.Equal(ActivityStatusCode.Error, parse.Status);
        Assert.Equal(1, measured.Sum("paperpipeline.dead_letters", "parse"));
    }

    [Fact]
    public async Task A_digest_that_is_given_back_and_fails_again_was_tried_once_more_however_often_that_is_said()
    {
        await using var pipeline = await TracedPipeline.StartAsync();
        var fetched = await pipeline.IngestAsync("Dear all,\n\nthe meeting is at ten.\n\nBest\n");
        var attempts = new List<int> { await AttemptsAsync() };

        foreach (var before in (int[])[1, 1, 2, 1])
        {
            using var measured = new MeasurementLog();
            await pipeline.AnnounceAsync(fetched, before);
            await TracedPipeline.UntilAsync(() =>
                Task.FromResult(measured.Sum("paperpipeline.dead_letters", "parse") > 0)
            );
            attempts.Add(await AttemptsAsync());
        }

        Assert.Equal([1, 2, 2, 3, 3], attempts);

        async Task<int> AttemptsAsync() =>
            Assert
                .Single(await pipeline.Store.ListDeadLettersAsync(TestContext.Current.CancellationToken))
                .Rejected.Attempts;
    }
}
