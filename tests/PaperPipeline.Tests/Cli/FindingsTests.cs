using System.Globalization;
using PaperPipeline.Cli.Status;
using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Index;
using PaperPipeline.Tests.Deployment;

namespace PaperPipeline.Tests.Cli;

/// <summary>What one look at broker and index comes to.</summary>
public sealed class FindingsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse(
        "2026-11-26T12:00:00Z",
        CultureInfo.InvariantCulture
    );

    private static readonly StageQueues[] Running =
    [
        new(Routes.Fetch, 1, 0, 0, 0, 0),
        new(Routes.Parse, 1, 0, 0, 0, 0),
        new(Routes.Enrich, 2, 0, 0, 0, 0),
        new(Routes.Index, 1, 0, 0, 0, 0),
    ];

    public static TheoryData<string> Kinds => [.. RejectionKind.All];

    [Fact]
    public void Where_all_is_done_nothing_needs_a_person() =>
        Assert.Empty(Findings.Of(Seen() with { Digests = [Digest("complete", 60)] }));

    [Fact]
    public void Broker_index_and_archive_are_causes_and_come_first()
    {
        var seen = Seen() with
        {
            BusTrouble = "Cannot reach the bus.",
            IndexTrouble = "The index is blocked.",
            ArchiveTrouble = "The archive is full.",
            Letters = [Letter("index", RejectionReasons.NotIndexed)],
        };

        Assert.Equal(["broker", "index", "archive", "not_indexed"], Findings.Of(seen).Select(f => f.Subject));
    }

    [Fact]
    public void A_stage_that_nobody_runs_is_named_with_what_waits_for_it()
    {
        var seen = Seen() with { Queues = [.. Running[..2], new(Routes.Enrich, 0, 7, 0, 1, 3), Running[3]] };

        var finding = Assert.Single(Findings.Of(seen));

        Assert.Equal("workers", finding.Subject);
        Assert.Contains("start an enricher", finding.What, StringComparison.Ordinal);
        Assert.Contains("8 messages wait", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void An_indexer_that_has_paused_is_not_said_to_be_missing()
    {
        var seen = Seen() with
        {
            IndexTrouble = "The index is blocked.",
            Queues = [.. Running[..3], new(Routes.Index, 0, 7, 0, 0, 0)],
        };

        Assert.Equal("index", Assert.Single(Findings.Of(seen)).Subject);
    }

    [Fact]
    public void Messages_under_suspicion_are_told()
    {
        var seen = Seen() with { Queues = [.. Running[..3], new(Routes.Index, 1, 0, 4, 0, 0)] };

        Assert.Contains("4 messages", Assert.Single(Findings.Of(seen)).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fetched", 14, false)]
    [InlineData("fetched", 16, true)]
    [InlineData("indexing", 16, true)]
    [InlineData("complete", 16, false)]
    [InlineData("failed", 16, false)]
    public void A_digest_that_is_unfinished_for_long_is_told(string state, int minutes, bool told)
    {
        var findings = Findings.Of(Seen() with { Digests = [Digest(state, minutes)] });

        Assert.Equal(told, findings.Count == 1);
        Assert.All(findings, f => Assert.Contains("replay --incomplete", f.Cure, StringComparison.Ordinal));
    }

    [Fact]
    public void While_messages_wait_no_digest_is_late()
    {
        var seen = Seen() with
        {
            Digests = [Digest("indexing", 60)],
            Queues = [.. Running[..3], new(Routes.Index, 1, 9, 0, 0, 0)],
        };

        Assert.Empty(Findings.Of(seen));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_dead_letter_has_a_cure_that_the_guide_for_operators_names(string kind)
    {
        var row = Repository
            .Read("docs", "operations.md")
            .Split('\n')
            .Single(line => line.StartsWith($"| `{kind}` |", StringComparison.Ordinal));

        var commands = DeadLetterAdvice.Of(kind).Split('`').Where((_, n) => n % 2 == 1);

        Assert.All(commands, command => Assert.Contains(command, row, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_state_of_the_ledger_is_in_the_guide_for_operators()
    {
        var guide = Repository.Read("docs", "operations.md");
        var states = LedgerSummary.Of([], DateOnly.FromDateTime(Now.UtcDateTime)).Digests.Keys;

        Assert.Equal(5, states.Count());
        Assert.All(states, state => Assert.Contains($"\n| `{state}` |", guide, StringComparison.Ordinal));
    }

    [Fact]
    public void Dead_letters_are_told_by_stage_and_kind_the_most_first_and_in_one_line()
    {
        var seen = Seen() with
        {
            Letters =
            [
                Letter("enrich", RejectionReasons.NotEnriched + "one"),
                Letter("index", RejectionReasons.NotIndexed + "two\nlines"),
                Letter("index", RejectionReasons.NotIndexed + new string('x', 5000)),
            ],
        };

        var findings = Findings.Of(seen);

        Assert.Equal(["not_indexed", "not_enriched"], findings.Select(f => f.Subject));
        Assert.StartsWith("2 dead letters at index", findings[0].What, StringComparison.Ordinal);
        Assert.All(findings, f => Assert.DoesNotContain('\n', f.ToString()));
        Assert.All(findings, f => Assert.True(f.ToString().Length < 600, f.ToString()));
    }

    [Fact]
    public void Dead_letters_of_before_are_known()
    {
        var seen = Seen() with { Letters = [Letter("index", RejectionReasons.NotIndexed)] };

        Assert.Single(Findings.Of(seen, Now.AddDays(-2)));
        Assert.Empty(Findings.Of(seen, Now.AddHours(-1)));
    }

    [Fact]
    public void Dead_letters_that_are_dismissed_need_nobody()
    {
        var seen = Seen() with
        {
            Letters = [Letter("index", RejectionReasons.NotIndexed) with { Dismissed = new string('e', 64) }],
        };

        Assert.Empty(Findings.Of(seen));
    }

    [Fact]
    public void Rates_are_those_between_two_looks()
    {
        var before = Seen() with { Digests = [Digest("indexing", 1) with { Indexed = 100 }] };
        var now = before with
        {
            At = Now.AddSeconds(10),
            Digests = [before.Digests[0] with { Indexed = 150 }],
            Queues = [.. Running[..3], new(Routes.Index, 1, 20, 0, 0, 0)],
        };

        var rates = Rates.Between(before, now);

        Assert.Equal((5.0, 2.0), (rates.Indexed, rates.Waiting["index"]));
        Assert.Null(Rates.Between(null, now).Indexed);
        Assert.Null(Rates.Between(before with { IndexTrouble = "away" }, now).Indexed);
    }

    private static Overview Seen() =>
        new()
        {
            At = Now,
            HasBroker = true,
            Queues = Running,
        };

    private static DigestStatus Digest(string state, int minutes) =>
        new()
        {
            Digest = new string('a', 64),
            Name = "digest.txt",
            State = state,
            Papers = 0,
            Indexed = 0,
            Dead = 0,
            RetrievedAt = Now.AddMinutes(-minutes),
        };

    private static DeadLetter Letter(string stage, string reason) =>
        new(
            "0123456789abcdef",
            new EntryRejected
            {
                Digest = new string('a', 64),
                Stage = stage,
                Reason = reason,
                TraceId = Rejections.NoTrace,
                RejectedAt = Now.AddDays(-1),
            }
        );
}
