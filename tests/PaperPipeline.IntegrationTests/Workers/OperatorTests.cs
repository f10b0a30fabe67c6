using System.Text.RegularExpressions;
using PaperPipeline.IntegrationTests.Storage;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>
/// An operator's exercise: from <c>status</c> alone to the cause, from there to the cure that the guide for operators names,
/// and the cure works.
/// </summary>
[Collection("workers")]
public sealed partial class OperatorTests(SharedBroker broker)
{
    private static readonly string Guide = File.ReadAllText(
        Path.Combine(Root(AppContext.BaseDirectory), "docs", "operations.md")
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_index_that_is_full_is_the_cause_and_lifting_its_block_the_cure()
    {
        SearchServer.Require();
        await using var server = new SearchServer();
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        pipeline.Program.Variables["PAPERPIPELINE_INDEX"] = SearchServer.Url!.ToString();
        pipeline.Program.Variables["PAPERPIPELINE_INDEX_PREFIX"] = server.Prefix;
        var workers = await pipeline.StartAllAsync();
        pipeline.Program.Write("digests/before.txt", Digests.Page(5));
        pipeline.DropAll(Path.Combine(pipeline.Program.Folder, "digests"));
        await pipeline.SettledAsync(1);
        await HealthyAsync(pipeline);
        // As a server does whose disk is full.
        await server.AskAsync(HttpMethod.Put, "papers*/_settings", """{"index.blocks.read_only_allow_delete": true}""");

        pipeline.Program.Write("digests/during.txt", Digests.Page(5, first: 100));
        pipeline.DropAll(Path.Combine(pipeline.Program.Folder, "digests"));
        await workers[^1].NotReadyAsync("paused");
        var (subject, line) = await OneFindingAsync(pipeline);

        Assert.Equal("index", subject);
        Assert.Contains("blocked", line, StringComparison.Ordinal);
        var cure = Block().Match(Row(subject));
        Assert.True(cure.Success, Row(subject));
        await server.AskAsync(HttpMethod.Put, cure.Groups["path"].Value, cure.Groups["body"].Value);
        await pipeline.SettledAsync(2);
        await HealthyAsync(pipeline);
        Assert.Equal(10, await pipeline.CountAsync());
    }

    [Fact]
    public async Task A_broker_that_is_gone_is_the_cause_and_starting_it_the_cure()
    {
        DebianBroker.Require();
        await using var own = await DebianBroker.StartAsync();
        await using var pipeline = new TestPipeline(own.Default);
        var workers = await pipeline.StartAllAsync();
        pipeline.Program.Write("digests/before.txt", Digests.Page(5));
        pipeline.DropAll(Path.Combine(pipeline.Program.Folder, "digests"));
        await pipeline.SettledAsync(1);

        await own.KillAsync();
        var (subject, line) = await OneFindingAsync(pipeline);

        Assert.Equal("broker", subject);
        Assert.Contains("start it", line, StringComparison.Ordinal);
        Assert.Contains("Start the broker", Row(subject), StringComparison.Ordinal);
        pipeline.Program.Write("digests/during.txt", Digests.Page(5, first: 100));
        pipeline.DropAll(Path.Combine(pipeline.Program.Folder, "digests"));
        await own.StartAgainAsync();
        await Task.WhenAll(workers.Select(worker => worker.ReadyAsync()));
        await pipeline.SettledAsync(2);
        await HealthyAsync(pipeline);
        Assert.Equal(10, await pipeline.CountAsync());
    }

    [Fact]
    public async Task A_stage_that_nobody_runs_is_the_cause_and_starting_it_the_cure()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        await pipeline.StartAllAsync("Fetcher", "Parser", "Indexer");
        pipeline.Program.Write("digests/page.txt", Digests.Page(5));
        pipeline.DropAll(Path.Combine(pipeline.Program.Folder, "digests"));
        await Eventually.HoldsAsync(
            async () => await pipeline.Host.WaitingAsync("paperpipeline-enrich") == 1,
            "the papers wait"
        );

        var (subject, line) = await OneFindingAsync(pipeline);

        Assert.Equal("workers", subject);
        Assert.Contains("start an enricher", line, StringComparison.Ordinal);
        Assert.Contains("Start a worker of the stage", Row(subject), StringComparison.Ordinal);
        await pipeline.StartReadyAsync("Enricher");
        await pipeline.SettledAsync(1);
        await HealthyAsync(pipeline);
    }

    [Fact]
    public async Task A_digest_with_a_changed_layout_is_the_cause_and_another_form_of_it_the_cure()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        await pipeline.StartAllAsync();
        // What a page becomes when its source changes it: the titles stand in a frame, and nothing else says what they are.
        pipeline.Program.Write(
            "digests/changed.txt",
            string.Join('\n', Enumerable.Range(1, 5).Select(n => $"+ {n} + {Digests.Title(n)} +"))
        );
        pipeline.DropAll(Path.Combine(pipeline.Program.Folder, "digests"));
        await pipeline.SettledAsync(1);

        var (subject, line) = await OneFindingAsync(pipeline);

        Assert.Equal("unknown_shape", subject);
        Assert.Contains("docs/shapes.md", line, StringComparison.Ordinal);
        Assert.Contains("ingest it", Row(subject), StringComparison.Ordinal);
        var cured = await pipeline.Program.RunAsync("ingest", pipeline.Program.Write("known.txt", Digests.Page(5)));
        Assert.Equal((0, "1 digest, 5 papers: 5 indexed, 0 dead letters"), (cured.Code, cured.LastLine));
        // What was seen to is known.
        var known = await pipeline.Program.RunAsync("status", "--since", "0.000001");
        Assert.True(known.Code == 0, known.Out);
    }

    [Fact]
    public async Task A_poisoned_message_is_the_cause_and_a_mended_worker_the_cure()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        await pipeline.StartAllAsync("Fetcher", "Parser", "Indexer");
        pipeline.Program.Variables["PAPERPIPELINE_FAILPOINT"] = "die:" + Digests.Title(5);
        var digests = Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), 1, 10);
        pipeline.DropAll(digests);
        var (deaths, enricher) = (0, pipeline.Start("Enricher"));
        var suspected = false;
        await Eventually.HoldsAsync(
            async () =>
            {
                if (enricher.HasEnded)
                    (deaths, enricher) = (deaths + 1, pipeline.Start("Enricher"));
                if (!suspected && await pipeline.Host.WaitingAsync("paperpipeline-enrich_alone") > 0)
                    suspected = (await pipeline.Program.RunAsync("status")).Out.Contains(
                        "workers: ",
                        StringComparison.Ordinal
                    );
                return await pipeline.SettledNowAsync() == 1;
            },
            () => $"all is settled after {deaths} deaths: {enricher.Log}"
        );
        await enricher.ReadyAsync();

        var (subject, line) = await OneFindingAsync(pipeline);

        Assert.True(suspected, "status has told of messages under suspicion");
        Assert.Equal("kills_worker", subject);
        Assert.Contains("1 dead letter at enrich", line, StringComparison.Ordinal);
        Assert.Contains("`paperpipeline dead-letters retry ID`", Row(subject), StringComparison.Ordinal);
        await enricher.StopAsync();
        pipeline.Program.Variables.Remove("PAPERPIPELINE_FAILPOINT");
        await pipeline.StartReadyAsync("Enricher");
        var id = line.Split("such as ")[1].Split(':')[0];
        var retried = await pipeline.Program.RunAsync("dead-letters", "retry", id);
        Assert.Equal((0, "1 retried: 1 settled, 0 still dead"), (retried.Code, retried.LastLine));
        await HealthyAsync(pipeline);
        await pipeline.EndsWellAsync(digests);
    }

    // An operator asks again while things come to rest.
    private static async Task<(string Subject, string Line)> OneFindingAsync(TestPipeline pipeline)
    {
        ProgramRun? run = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                run = await pipeline.Program.RunAsync("status", "--json");
                return run is { Code: 3, ErrorLines.Count: 1 };
            },
            () => $"status names one cause; it ends with {run?.Code} and says {run?.Error}"
        );
        var line = run!.ErrorLines[0];
        return (line.Split(':')[0], line);
    }

    private static async Task HealthyAsync(TestPipeline pipeline)
    {
        ProgramRun? run = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                run = await pipeline.Program.RunAsync("status");
                return run.Code == 0;
            },
            () => $"nothing needs a person; status says {run?.Out}"
        );
    }

    // The row of the guide that the word before the colon leads to.
    private static string Row(string subject) =>
        Guide.Split('\n').Single(line => line.StartsWith($"| `{subject}` |", StringComparison.Ordinal));

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "PaperPipeline.sln"))
            ? folder
            : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no repository."));

    [GeneratedRegex(@"`PUT (?<path>\S+) (?<body>\{[^`]*\})`")]
    private static partial Regex Block();
}
