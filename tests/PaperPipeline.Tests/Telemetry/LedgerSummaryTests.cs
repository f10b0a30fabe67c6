using System.Globalization;
using PaperPipeline.Indexer;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Tests.Telemetry;

public sealed class LedgerSummaryTests
{
    private static readonly DateOnly Today = new(2026, 11, 26);

    [Fact]
    public void Digests_are_counted_by_state_and_each_state_is_there()
    {
        var summary = LedgerSummary.Of([Digest("complete"), Digest("complete"), Digest("failed")], Today);

        Assert.Equal(
            [("complete", 2L), ("failed", 1L), ("fetched", 0L), ("indexing", 0L), ("partial", 0L)],
            summary.Digests.Select(d => (d.Key, d.Value)).OrderBy(d => d.Key, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Papers_are_counted_by_shape_day_and_what_became_of_them()
    {
        var summary = LedgerSummary.Of(
            [
                Digest("partial") with
                {
                    Expected = 11,
                    Indexed = 8,
                    Dead = 2,
                    Dismissed = 1,
                },
                Digest("complete") with
                {
                    Expected = 5,
                    Indexed = 5,
                },
                Digest("complete") with
                {
                    Expected = 3,
                    Indexed = 3,
                    Day = Today.AddDays(-1),
                },
            ],
            Today
        );

        Assert.Equal(
            [
                new DayCount("feed", Today.AddDays(-1), "dead", 0),
                new DayCount("feed", Today.AddDays(-1), "dismissed", 0),
                new DayCount("feed", Today.AddDays(-1), "indexed", 3),
                new DayCount("feed", Today.AddDays(-1), "missing", 0),
                new DayCount("feed", Today, "dead", 1),
                new DayCount("feed", Today, "dismissed", 1),
                new DayCount("feed", Today, "indexed", 13),
                new DayCount("feed", Today, "missing", 1),
            ],
            summary.Papers
        );
    }

    [Theory]
    [InlineData("2026-11-19", false)]
    [InlineData("2026-11-20", true)]
    [InlineData("2026-11-27", true)]
    [InlineData("2026-11-28", false)]
    [InlineData(null, true)]
    public void Only_the_last_days_are_told_apart(string? day, bool told)
    {
        var digest = Digest("complete") with
        {
            Day = day is null ? null : DateOnly.Parse(day, CultureInfo.InvariantCulture),
        };

        Assert.Equal(told, LedgerSummary.Of([digest], Today).Papers.Count > 0);
    }

    [Fact]
    public void The_oldest_digest_that_is_not_settled_counts()
    {
        var at = DateTimeOffset.Parse("2026-11-26T09:00:00Z", CultureInfo.InvariantCulture);
        var summary = LedgerSummary.Of(
            [
                Digest("complete") with
                {
                    RetrievedAt = at.AddDays(-3),
                },
                Digest("indexing") with
                {
                    RetrievedAt = at,
                },
                Digest("fetched") with
                {
                    RetrievedAt = at.AddHours(1),
                },
            ],
            Today
        );

        Assert.Equal(TimeSpan.FromHours(2), summary.Age(at.AddHours(2)));
        Assert.Equal(TimeSpan.Zero, LedgerSummary.Of([Digest("complete")], Today).Age(at));
    }

    private static DigestStatus Digest(string state) =>
        new()
        {
            Digest = new string('a', 64),
            Shape = "feed",
            Day = Today,
            State = state,
            Papers = 0,
            Indexed = 0,
            Dead = 0,
            RetrievedAt = DateTimeOffset.Parse("2026-11-26T08:00:00Z", CultureInfo.InvariantCulture),
        };
}
