using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Tests.Storage;

public sealed class SqliteAccountsTests : IDisposable
{
    private const string Title = "A long enough title about lanterns";
    private readonly string _folder = Directory.CreateTempSubdirectory("paperpipeline-accounts-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public async Task A_letter_keeps_its_greatest_number_of_attempts_in_any_order(int first, int second)
    {
        await using var store = SqliteStore.Open(File("papers.db"), write: true)!;

        await store.AddAsync(Letter("enrich", 1) with { Attempts = first }, Token);
        await store.AddAsync(Letter("enrich", 1) with { Attempts = second }, Token);

        Assert.Equal(3, Assert.Single(await store.ListDeadLettersAsync(Token)).Rejected.Attempts);
    }

    [Fact]
    public async Task An_entry_that_failed_in_two_stages_does_not_settle_its_neighbour()
    {
        await using var store = SqliteStore.Open(File("papers.db"), write: true)!;
        await store.RecordAsync(Parsed(day: null), Token);

        await store.AddAsync(Letter("enrich", 1), Token);
        await store.AddAsync(Letter("index", 1), Token);
        var open = (await store.FindAsync("d", Token))!;
        await store.WriteAsync([Observations.Of("d", 2, Title)], Token);
        var settled = (await store.FindAsync("d", Token))!;

        Assert.Equal((false, 1), (open.IsSettled, open.Dead));
        Assert.Equal(("partial", 1, 1), (settled.State, settled.Indexed, settled.Dead));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_known_day_stays_known_in_any_order(bool knownFirst)
    {
        await using var store = SqliteStore.Open(File("papers.db"), write: true)!;
        var day = new DateOnly(2026, 1, 2);

        await store.RecordAsync(Parsed(knownFirst ? day : null), Token);
        await store.RecordAsync(Parsed(knownFirst ? null : day), Token);

        Assert.Equal(day, (await store.FindAsync("d", Token))!.Day);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task Of_two_equal_retrievals_the_same_one_counts_in_any_order(string first)
    {
        await using var store = SqliteStore.Open(File("papers.db"), write: true)!;
        foreach (var trace in new[] { first, "a", "b" })
            await store.RecordAsync(
                new DigestFetched
                {
                    Digest = "d",
                    Size = 1,
                    Name = "n",
                    RetrievedAt = DateTimeOffset.UnixEpoch,
                    TraceId = trace,
                },
                Token
            );

        Assert.Equal("a", (await store.FindAsync("d", Token))!.TraceId);
    }

    [Fact]
    public async Task A_file_that_its_writer_has_only_begun_holds_nothing_for_a_reader()
    {
        await System.IO.File.WriteAllBytesAsync(File("begun.db"), [], Token);

        Assert.Null(SqliteStore.Open(File("begun.db"), write: false));
    }

    [Fact]
    public void A_file_that_cannot_be_created_is_said_in_one_line()
    {
        var failure = Assert.Throws<StoreUnavailableException>(() =>
            SqliteStore.Open(File("missing/papers.db"), write: true)
        );

        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task A_reader_works_beside_an_open_writer_and_scores_are_positive()
    {
        await using var writer = SqliteStore.Open(File("papers.db"), write: true)!;
        await writer.WriteAsync([Observations.Of("d", 1, Title), Observations.Of("d", 2, Title + " and more")], Token);
        await using var reader = SqliteStore.Open(File("papers.db"), write: false)!;

        var answer = await reader.SearchAsync("lanterns", 5, Token);

        Assert.Equal(2, answer.Total);
        Assert.All(answer.Hits, hit => Assert.True(hit.Score > 0));
    }

    private static DigestParsed Parsed(DateOnly? day) =>
        new()
        {
            Digest = "d",
            Entries = 2,
            Reported = 0,
            Shape = "s",
            ParserVersion = 1,
            Day = day,
        };

    private static EntryRejected Letter(string stage, int ordinal) =>
        new()
        {
            Digest = "d",
            Ordinal = ordinal,
            Stage = stage,
            Reason = "r",
            TraceId = "t",
            ParserVersion = 1,
            RejectedAt = DateTimeOffset.UnixEpoch,
        };
}
