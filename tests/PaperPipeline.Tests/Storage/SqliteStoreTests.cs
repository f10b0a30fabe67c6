using Microsoft.Data.Sqlite;
using PaperPipeline.Conformance;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Tests.Storage;

public sealed class SqliteStoreTests : PaperStoreConformance, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("paperpipeline-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override StoreDifferences Differences => StoreDifferences.Sqlite;

    protected override Task<IPaperStore> OpenAsync(string name) => Task.FromResult<IPaperStore>(Open(Folder(name)));

    // What a kill leaves is what lies on the disk: the files are copied while they are open.
    protected override async Task<IPaperStore> KillAsync(IPaperStore store, string name)
    {
        var copy = Folder(Guid.NewGuid().ToString("N"));
        foreach (var file in Directory.EnumerateFiles(Folder(name), "papers.db*"))
            if (!file.EndsWith("-shm", StringComparison.Ordinal))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        await store.DisposeAsync();
        Directory.Delete(Folder(name), recursive: true);
        Directory.Move(copy, Path.Combine(_folder, name));
        return Open(Folder(name));
    }

    [Fact]
    public async Task A_full_store_takes_nothing_of_a_batch_and_goes_on_when_there_is_room()
    {
        var text = string.Join(' ', Enumerable.Range(0, 400).Select(n => $"word{n}"));
        var batch = Enumerable
            .Range(1, 200)
            .Select(n => Observations.Of("d", n, $"A long enough title with number {n}", text: text + n))
            .ToList();
        await using var store = Open(Folder("full"));
        store.LimitPages(60);

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.WriteAsync(batch, Token));

        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await store.CountAsync(Token));
        store.LimitPages(1_000_000);
        await store.WriteAsync(batch, Token);
        Assert.Equal(Expected(batch), await ExportAsync(store));
    }

    [Theory]
    [InlineData("DELETE FROM papers")]
    [InlineData("DELETE FROM papers WHERE row=2")]
    [InlineData("DELETE FROM entries")]
    [InlineData("DELETE FROM keys")]
    [InlineData("DELETE FROM keys; DELETE FROM entries; DELETE FROM papers WHERE row=1")]
    public async Task What_was_taken_out_of_the_file_comes_back_with_the_same_papers(string damage)
    {
        Observation[] papers =
        [
            Observations.Of("d", 1, Lanterns, arxiv: "2501.00001"),
            Observations.Of("d", 2, "Another long title about bridges", doi: "10.1/a"),
        ];
        var title = Keys.Of(papers[1])[1].Value;
        await using (var store = Open(Folder("damaged")))
        {
            await store.WriteAsync(papers, Token);
            await store.RecordAsync(
                new DigestParsed
                {
                    Digest = "d",
                    Entries = 2,
                    Reported = 0,
                    Shape = "test",
                    ParserVersion = 1,
                },
                Token
            );
            // As whoever goes through all papers asks.
            await foreach (var paper in store.ListPapersAsync(Token))
                Assert.Empty(await store.FindLostKeysAsync([paper], Token).WaitAsync(TimeSpan.FromSeconds(30), Token));
        }
        using (
            var file = new SqliteConnection($"Data Source={Path.Combine(Folder("damaged"), "papers.db")};Pooling=false")
        )
        {
            file.Open();
            using var command = file.CreateCommand();
#pragma warning disable CA2100 // constant texts of this test
            command.CommandText = damage;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        await using var again = Open(Folder("damaged"));
        var left = await again.ListPapersAsync(Token).ToListAsync(Token);
        Assert.True(
            left.Count < 2
                || (await again.FindLostKeysAsync(left, Token)).Count > 0
                || !(await again.FindAsync("d", Token))!.IsSettled
        );
        Assert.InRange((await again.FindPapersAsync(title, Token)).Count, 0, 1);
        await again.WriteAsync(papers, Token);

        Assert.Equal(Expected(papers), await ExportAsync(again));
        Assert.Equal("complete", (await again.FindAsync("d", Token))!.State);
        Assert.Equal("doi:10.1/a", (await again.FindPaperAsync(title, Token))?.Id);
        Assert.Equal("doi:10.1/a", Assert.Single((await again.SearchAsync("bridges", 5, Token)).Hits).Id);
    }

    [Fact]
    public async Task A_reader_that_comes_while_the_file_is_made_finds_nothing_or_all()
    {
        for (var n = 0; n < 10; n++)
        {
            var path = Path.Combine(Folder($"made-{n}"), "papers.db");
            var making = Task.Run(() => SqliteStore.Open(path, write: true)!, Token);
            SqliteStore? reader;
            while ((reader = SqliteStore.Open(path, write: false)) is null) { }
            await using (reader)
                Assert.Equal(0, await reader.CountAsync(Token));
            await (await making).DisposeAsync();
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

    [Fact]
    public void A_file_that_its_writer_has_only_begun_holds_nothing_for_a_reader()
    {
        var path = Path.Combine(_folder, "begun.db");
        File.WriteAllBytes(path, []);

        Assert.Null(SqliteStore.Open(path, write: false));
    }

    [Fact]
    public void A_file_that_cannot_be_created_is_said_in_one_line()
    {
        var path = Path.Combine(_folder, "missing", "papers.db");

        var failure = Assert.Throws<StoreUnavailableException>(() => SqliteStore.Open(path, write: true));

        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task A_reader_works_beside_an_open_writer()
    {
        await using var writer = Open(Folder("beside"));
        await writer.WriteAsync([Observations.Of("d", 1, "A long enough title about lanterns")], Token);
        await using var reader = SqliteStore.Open(Path.Combine(Folder("beside"), "papers.db"), write: false)!;

        Assert.Equal(1, (await reader.SearchAsync("lanterns", 5, Token)).Total);
    }

    [Fact]
    public async Task Papers_of_a_store_with_decisions_can_be_written_to_one_without()
    {
        Observation[] papers = [Observations.Of("d", 1, Lanterns), Observations.Of("e", 1, Lanterns)];
        await using var decided = Open(Folder("decided"));
        await decided.WriteAsync(papers, Token);
        var split = new DecisionMade
        {
            Id = new string('a', 64),
            Decision = new Decision
            {
                Kind = "split",
                DecidedAt = DateTimeOffset.UnixEpoch,
                Keys = [Keys.Of(papers[0])[0].Value],
                Entries =
                [
                    new EntryReference
                    {
                        Digest = "e",
                        Ordinal = 1,
                        ParserVersion = 1,
                    },
                ],
            },
        };
        await decided.DecideAsync(split, Token);
        Assert.Equal(2, await decided.CountAsync(Token));
        var groups = await decided.ListPapersAsync(Token).ToListAsync(Token);
        await using var plain = Open(Folder("plain"));

        foreach (var group in groups)
            await plain.WriteAsync(group.Observations, Token);

        Assert.Equal(Expected(papers), await ExportAsync(plain));
    }

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    private static SqliteStore Open(string folder) => SqliteStore.Open(Path.Combine(folder, "papers.db"), write: true)!;
}
