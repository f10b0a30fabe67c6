using System.Text.Json.Nodes;
using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.IntegrationTests.Storage;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.IntegrationTests.Cli;

/// <summary>Everything can be computed again from the archive: documents, decisions, what was left and what is wrong.</summary>
public sealed class ReplayTests : IAsyncDisposable
{
    private const int DigestCount = 12;
    private const int PapersEach = 40;
    private const int Papers = DigestCount * PapersEach - (DigestCount - 1);

    private readonly SearchServer _server = new();
    private readonly TestProgram _program = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _program.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replay_gives_the_live_export_onto_the_live_index_and_into_an_empty_one(bool onServer)
    {
        Use(onServer);
        await _program.RunAsync("ingest", Write());
        var merge = await _program.RunAsync("papers", "merge", Digests.Title(1), Digests.Title(2), "--reason", "same");
        var first = (await FindAsync(Digests.Title(40))).Observations[0].Entry;
        var split = await _program.RunAsync(
            "papers",
            "split",
            Digests.Title(40),
            $"{first.Digest[..12]}#{first.Ordinal}"
        );
        Assert.Equal((0, 0), (merge.Code, split.Code));
        var live = await _program.ExportAsync();
        Assert.Equal(Papers, live.Lines.Count);

        var preview = await _program.RunAsync("replay", "--all", "--dry-run");
        var onto = await _program.RunAsync("replay", "--all");

        Assert.EndsWith(
            $"would add 0, change 0 and remove 0 of {Papers} papers",
            preview.LastLine,
            StringComparison.Ordinal
        );
        Assert.Equal((0, "12 digests replayed: 480 indexed, 0 dead letters"), (onto.Code, onto.LastLine));
        Assert.Equal(live.Out, (await _program.ExportAsync()).Out);

        await DeleteIndexAsync(onServer);
        Assert.Equal(1, (await _program.RunAsync("verify")).Code);
        var into = await _program.RunAsync("replay", "--all");

        Assert.Equal((0, onto.LastLine), (into.Code, into.LastLine));
        Assert.Equal(live.Out, (await _program.ExportAsync()).Out);
        var verified = await _program.RunAsync("verify");
        Assert.Equal((0, $"12 digests, {Papers} papers: 0 findings"), (verified.Code, verified.LastLine));

        var undone = await _program.RunAsync("papers", "undo", merge.Out[..12]);
        Assert.Equal(0, undone.Code);
        Assert.Equal(Papers + 1, (await _program.ExportAsync()).Lines.Count);
        Assert.Equal(
            ["merge", "split", "undo"],
            (await _program.RunAsync("papers", "decisions", "--json")).Lines.Select(l =>
                JsonNode.Parse(l)!["decision"]!["kind"]!.GetValue<string>()
            )
        );
    }

    [Fact]
    public async Task A_source_that_announced_nothing_is_refused_and_a_day_without_digests_is_not()
    {
        await _program.RunAsync("ingest", Write());

        var typo = await _program.RunAsync("replay", "--source", "hugginface-trending");
        var known = await _program.RunAsync("replay", "--source", "huggingface-trending", "--dry-run");
        var settled = await _program.RunAsync("replay", "--source", "huggingface-trending", "--incomplete");
        var day = await _program.RunAsync("replay", "--source", "huggingface-trending", "--day", "1999-12-31");

        Assert.Equal((2, ""), (typo.Code, typo.Out));
        Assert.StartsWith(
            "The archive holds no digest of 'hugginface-trending':",
            typo.Error,
            StringComparison.Ordinal
        );
        Assert.StartsWith("12 digests: ", known.LastLine, StringComparison.Ordinal);
        const string nothing = "0 digests replayed: 0 indexed, 0 dead letters";
        Assert.Equal((0, nothing), (settled.Code, settled.LastLine));
        Assert.Equal((0, nothing), (day.Code, day.LastLine));
    }

    [Fact]
    public async Task A_replay_that_is_killed_goes_on_and_ends_with_the_same_export()
    {
        await _program.RunAsync("ingest", Write());
        var live = await _program.ExportAsync();
        await DeleteIndexAsync(onServer: false);
        var (kills, attempts) = (0, 0);
        while (kills < 3)
        {
            Assert.True(++attempts < 30, $"only {kills} of {attempts} were killed");
            await using var running = _program.Start("replay", "--all");
            var before = _program.Replayed().Count;
            await Eventually.HoldsAsync(
                () => running.HasEnded || _program.Replayed().Count > before,
                "a digest is done"
            );
            await running.SignalAsync("KILL");
            // One that was faster leaves nothing to go on with.
            if ((await running.EndAsync()).Code == 137 && _program.Replayed().Count > 0)
                kills++;
            else
                await DeleteIndexAsync(onServer: false);
        }

        var last = await _program.RunAsync("replay", "--all");

        Assert.Equal(0, last.Code);
        Assert.Contains("Goes on with a replay that was stopped", last.Error, StringComparison.Ordinal);
        Assert.Equal(live.Out, (await _program.ExportAsync()).Out);
        Assert.Empty(_program.Replayed());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_older_parser_read_gives_way_to_what_todays_reads(bool onServer)
    {
        Use(onServer);
        await _program.RunAsync("ingest", Write(1));
        var live = await _program.ExportAsync();
        var first = (await FindAsync(Digests.Title(1))).Observations[0];
        await DeleteIndexAsync(onServer);
        // The older one had cut a title, and saw two papers more.
        Observation[] older =
        [
            Older(1, "A title that the older parser had cut short"),
            Older(PapersEach + 1, "Subscribe to our newsletter, it is free"),
            Older(PapersEach + 2, "And read what others say of it, every day"),
        ];
        await using (var store = await OpenAsync(write: true))
        {
            await store!.WriteAsync(older, Token);
            await store.RecordAsync(
                new DigestParsed
                {
                    Digest = first.Entry.Digest,
                    Entries = PapersEach + 2,
                    Reported = 0,
                    Shape = "test",
                    ParserVersion = 0,
                },
                Token
            );
        }

        var preview = await _program.RunAsync("replay", "--all", "--dry-run");
        var json = await _program.RunAsync("replay", "--all", "--dry-run", "--json");
        var run = await _program.RunAsync("replay", "--incomplete");

        Assert.Equal($"1 digest: would add {PapersEach}, change 0 and remove 3 of 43 papers", preview.LastLine);
        Assert.Equal(3, json.Lines.Count(l => JsonNode.Parse(l)!["change"]!.GetValue<string>() == "removed"));
        Assert.Equal((0, $"1 digest replayed: {PapersEach} indexed, 0 dead letters"), (run.Code, run.LastLine));
        Assert.Equal(live.Out, (await _program.ExportAsync()).Out);
        Assert.Equal(0, (await _program.RunAsync("verify")).Code);

        Observation Older(int ordinal, string title) =>
            Observations.Of(first.Entry.Digest, ordinal, title, parserVersion: 0);
    }

    [Fact]
    public async Task A_replay_says_field_by_field_what_it_would_change_and_changes_it()
    {
        await _program.RunAsync("ingest", Write(1));
        var live = await _program.ExportAsync();
        var paper = await FindAsync(Digests.Title(1));
        await DeleteIndexAsync(onServer: false);
        var old = paper.Observations[0];
        await using (var store = await OpenAsync(write: true))
            await store!.WriteAsync(
                [old with { Enrichment = old.Enrichment with { Version = 0, Name = "Wrong name" } }],
                Token
            );

        var preview = await _program.RunAsync("replay", "--paper", Digests.Title(1), "--dry-run");
        var again = await _program.RunAsync("replay", "--all", "--enrich");
        var enriched = await FindAsync(Digests.Title(1));
        await _program.RunAsync("replay", "--all");

        Assert.Contains($"changed  {paper.Id}", preview.Out, StringComparison.Ordinal);
        Assert.Contains("name: \"Wrong name\" -> ", preview.Out, StringComparison.Ordinal);
        Assert.Equal((0, "1 paper replayed"), (again.Code, again.LastLine.Split(':')[0]));
        Assert.Equal(old.Enrichment.Name, enriched.Observations[0].Enrichment.Name);
        Assert.Equal(live.Out, (await _program.ExportAsync()).Out);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Verify_finds_what_is_missing_and_mends_it(bool onServer)
    {
        Use(onServer);
        await _program.RunAsync("ingest", Write());
        var live = await _program.ExportAsync();
        await DeleteIndexAsync(onServer);
        await _program.RunAsync("ingest", Directory.GetFiles(Write())[0]);
        await LoseAsync();

        var found = await _program.RunAsync("verify", "--json");
        var mended = await _program.RunAsync("verify", "--repair");

        Assert.Equal(1, found.Code);
        Assert.All(found.Lines, l => Assert.Equal("missing", JsonNode.Parse(l)!["kind"]!.GetValue<string>()));
        Assert.Equal(0, mended.Code);
        Assert.StartsWith($"12 digests, {Papers} papers: 0 findings, ", mended.LastLine, StringComparison.Ordinal);
        Assert.Equal(live.Out, (await _program.ExportAsync()).Out);

        // As if the process had been killed before it wrote more.
        async Task LoseAsync()
        {
            await DeleteIndexAsync(onServer);
            await using var store = await OpenAsync(write: true);
            await store!.WriteAsync([Observations.Of("unknown", 1, "A paper that nobody has announced")], Token);
            await store.RecordAsync(
                new DigestParsed
                {
                    Digest = "unknown",
                    Entries = 1,
                    Reported = 0,
                    Shape = "test",
                    ParserVersion = 1,
                },
                Token
            );
            await DeleteIndexAsync(onServer);
        }
    }

    [Fact]
    public async Task Damage_to_the_archive_is_found()
    {
        await _program.RunAsync("ingest", Write(2));
        var blobs = Directory.GetFiles(Path.Combine(_program.Archive, "blobs"), "*", SearchOption.AllDirectories);
        await File.AppendAllTextAsync(blobs[0], "x", Token);

        var run = await _program.RunAsync("verify");

        Assert.Equal(1, run.Code);
        Assert.StartsWith("damaged", run.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pruning_deletes_old_digests_that_are_complete_and_nothing_else()
    {
        var digests = Write(3);
        var letter = _program.Write("letter.txt", "Dear all,\n\nthe meeting is at ten.\n");
        await _program.RunAsync("ingest", digests, letter);
        foreach (
            var record in Directory.GetFiles(
                Path.Combine(_program.Archive, "retrievals"),
                "*.json",
                SearchOption.AllDirectories
            )
        )
        {
            // Two of the digests and the letter are old.
            var text = await File.ReadAllTextAsync(record, Token);
            if (text.Contains("digest-000", StringComparison.Ordinal))
                continue;
            var old = JsonNode.Parse(text)!.AsObject();
            old["retrievedAt"] = "2020-01-01T00:00:00Z";
            await File.WriteAllTextAsync(record, old.ToJsonString(), Token);
        }
        var live = await _program.ExportAsync();

        var would = await _program.RunAsync("archive", "prune", "--older-than", "30", "--dry-run");
        var pruned = await _program.RunAsync("archive", "prune", "--older-than", "30");

        Assert.StartsWith("2 digests would be deleted", would.LastLine, StringComparison.Ordinal);
        Assert.StartsWith("2 digests deleted", pruned.LastLine, StringComparison.Ordinal);
        Assert.EndsWith("1 kept: not complete", pruned.LastLine, StringComparison.Ordinal);
        Assert.Equal(0, (await _program.RunAsync("verify")).Code);
        // What was pruned is neither taken up nor lost.
        var again = await _program.RunAsync(
            "ingest",
            Directory.GetFiles(digests).Order(StringComparer.Ordinal).First()
        );
        Assert.Equal(0, again.Code);
        Assert.Equal(live.Out, (await _program.ExportAsync()).Out);
    }

    [Fact]
    public async Task The_story_of_a_paper_names_each_announcement_and_its_fate_in_every_stage()
    {
        await _program.RunAsync("ingest", Write(2));

        var shown = await _program.RunAsync("papers", "show", Digests.Title(40));
        var json = JsonNode.Parse((await _program.RunAsync("papers", "show", Digests.Title(40), "--json")).Out)!;

        Assert.Contains($"title      {Digests.Title(40)}", shown.Out, StringComparison.Ordinal);
        var announcements = json["announcements"]!.AsArray();
        Assert.Equal(2, announcements.Count);
        foreach (var stages in announcements.Select(a => a!["stages"]!.AsArray()))
        {
            Assert.Equal(["fetch", "parse", "enrich", "index"], stages.Select(s => s!["stage"]!.GetValue<string>()));
            Assert.All(stages, s => Assert.Equal("done", s!["outcome"]!.GetValue<string>()));
            var times = stages.Select(s => s!["at"]!.GetValue<DateTimeOffset>()).ToList();
            Assert.True(times[0] <= times[2] && times[2] <= times[3], string.Join(' ', times));
        }
        Assert.Equal(2, (await _program.RunAsync("papers", "show", "2410.24164")).Code);
    }

    private void Use(bool onServer)
    {
        if (!onServer)
            return;
        SearchServer.Require();
        _program.Variables["PAPERPIPELINE_INDEX"] = SearchServer.Url!.ToString();
        _program.Variables["PAPERPIPELINE_INDEX_PREFIX"] = _server.Prefix;
    }

    private string Write(int digests = DigestCount) =>
        Digests.WriteMany(Path.Combine(_program.Folder, "digests"), digests, PapersEach);

    private async Task DeleteIndexAsync(bool onServer)
    {
        if (onServer)
            await _server.AskAsync(HttpMethod.Delete, "*", null);
        else
            foreach (var file in Directory.GetFiles(_program.DataDir, "papers.db*"))
                File.Delete(file);
    }

    private async Task<PaperGroup> FindAsync(string text)
    {
        await using var store = await OpenAsync(write: false);
        return Assert.Single(await store!.FindByTextAsync(text, Token));
    }

    private async Task<IPaperStore?> OpenAsync(bool write)
    {
        var settings = PipelineSettings.Read(name => _program.Settings.GetValueOrDefault("PAPERPIPELINE_" + name));
        return await PaperStores.OpenAsync(settings, write, Token);
    }
}
