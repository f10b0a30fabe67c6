using CsCheck;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Tests.Storage;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("paperpipeline-store-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Any_batches_repetitions_and_crashes_give_the_same_documents_as_the_pure_functions()
    {
        await Gen.Select(Observations.Any.List[1, 14], Gen.Int[1, 5], Gen.Int[0, 20])
            .SampleAsync(
                async (list, size, crashAt) =>
                {
                    var folder = Directory
                        .CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N")))
                        .FullName;
                    var path = Path.Combine(folder, "papers.db");
                    var store = SqliteStore.Open(path, write: true)!;
                    var batches = list.Chunk(size).ToList();
                    for (var i = 0; i < batches.Count; i++)
                    {
                        await store.WriteAsync(batches[i], Token);
                        if (i != crashAt % batches.Count)
                            continue;
                        // A kill after the commit and before the acknowledgement: what is on the disk goes on.
                        var copy = Directory.CreateDirectory(folder + "-copy").FullName;
                        foreach (var file in Directory.EnumerateFiles(folder, "papers.db*"))
                            if (!file.EndsWith("-shm", StringComparison.Ordinal))
                                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
                        await store.DisposeAsync();
                        store = SqliteStore.Open(Path.Combine(copy, "papers.db"), write: true)!;
                        await store.WriteAsync(batches[i], Token);
                    }
                    Assert.Equal(ResolutionTests.Export(list), await ExportAsync(store));
                    await store.DisposeAsync();
                },
                iter: 60,
                threads: 1
            );
    }

    [Fact]
    public async Task A_full_store_takes_nothing_of_a_batch_and_goes_on_when_there_is_room()
    {
        var path = Path.Combine(_folder, "full.db");
        var text = string.Join(' ', Enumerable.Range(0, 400).Select(n => $"word{n}"));
        var batch = Enumerable
            .Range(1, 200)
            .Select(n => Observations.Of("d", n, $"A long enough title with number {n}", text: text + n))
            .ToList();
        await using var store = SqliteStore.Open(path, write: true)!;
        store.LimitPages(60);

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.WriteAsync(batch, Token));

        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await store.CountAsync(Token));
        store.LimitPages(1_000_000);
        await store.WriteAsync(batch, Token);
        Assert.Equal(ResolutionTests.Export(batch), await ExportAsync(store));
    }

    [Theory]
    [InlineData("\"unbalanced")]
    [InlineData("lanterns AND")]
    [InlineData("* - ( NEAR")]
    [InlineData("title:lanterns")]
    [InlineData("\"\" \"")]
    [InlineData("")]
    public async Task Whatever_is_typed_is_no_syntax(string query)
    {
        await using var store = SqliteStore.Open(Path.Combine(_folder, "search.db"), write: true)!;
        await store.WriteAsync([Observations.Of("d", 1, "A long enough title about lanterns")], Token);

        var answer = await store.SearchAsync(query, 5, Token);

        Assert.Equal(query, answer.Query);
    }

    [Theory]
    [InlineData("Level-S2fM")]
    [InlineData("Level-S²fM")]
    [InlineData("Level-S$^2$fM")]
    [InlineData("level s2fm")]
    public async Task Folded_forms_find_their_paper(string query)
    {
        await using var store = SqliteStore.Open(Path.Combine(_folder, "folded.db"), write: true)!;
        await store.WriteAsync(
            [
                Observations.Of("d", 1, "Level-S²fM: an invented title"),
                Observations.Of("d", 2, "Sea level and salt: a study"),
            ],
            Token
        );

        var answer = await store.SearchAsync(query, 5, Token);

        Assert.Equal("Level-S²fM: an invented title", answer.Hits[0].Title);
    }

    [Fact]
    public async Task Accounts_are_the_same_in_any_order_and_repetition()
    {
        var fetched = new DigestFetched
        {
            Digest = "d",
            Size = 1,
            Name = "n",
            RetrievedAt = DateTimeOffset.UnixEpoch,
            TraceId = "t",
        };
        var parsed = new DigestParsed
        {
            Digest = "d",
            Entries = 2,
            Reported = 1,
            Shape = "s",
            ParserVersion = 1,
        };
        var place = Letter("line 7", null);
        var entry = Letter(null, 2);
        Func<SqliteStore, Task>[] steps =
        [
            s => s.RecordAsync(fetched, Token),
            s => s.RecordAsync(parsed, Token),
            s => s.AddAsync(place, Token),
            s => s.AddAsync(entry, Token),
            s => s.WriteAsync([Observations.Of("d", 1, "A long enough title about lanterns")], Token),
            s => s.WriteAsync([Observations.Of("d", 2, "Another long title about bridges")], Token),
        ];
        for (var turn = 0; turn < steps.Length; turn++)
        {
            await using var store = SqliteStore.Open(Path.Combine(_folder, $"accounts-{turn}.db"), write: true)!;
            foreach (var step in steps.Skip(turn).Concat(steps.Take(turn)).Concat(steps.Take(3)))
                await step(store);

            var status = (await store.FindAsync("d", Token))!;

            Assert.Equal(("partial", 2, 2, 1), (status.State, status.Papers, status.Indexed, status.Dead));
            Assert.Equal("line 7", Assert.Single(await store.ListDeadLettersAsync(Token)).Rejected.Position);
        }
    }

    [Fact]
    public void A_file_of_another_application_is_refused()
    {
        var text = Path.Combine(_folder, "text.db");
        File.WriteAllText(text, new string('x', 5000));

        Assert.Contains(
            "no SQLite database",
            Assert.Throws<StoreRefusedException>(() => SqliteStore.Open(text, write: true)).Message,
            StringComparison.Ordinal
        );
    }

    private static EntryRejected Letter(string? position, int? ordinal) =>
        new()
        {
            Digest = "d",
            Position = position,
            Ordinal = ordinal,
            Stage = position is null ? "enrich" : "parse",
            Reason = "r",
            TraceId = "t",
            ParserVersion = 1,
            RejectedAt = DateTimeOffset.UnixEpoch,
        };

    private static async Task<List<string>> ExportAsync(SqliteStore store)
    {
        var lines = new List<string>();
        await foreach (var document in store.ExportAsync(Token))
            lines.Add(PaperJson.Write(document));
        return lines;
    }
}
