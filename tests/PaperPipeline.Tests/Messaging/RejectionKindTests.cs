using System.Globalization;
using PaperPipeline.Contracts;
using PaperPipeline.Parser;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Messaging.Failures;
using PaperPipeline.Tests.Deployment;
using PaperPipeline.Tests.Parser;

namespace PaperPipeline.Tests.Messaging;

public sealed class RejectionKindTests
{
    private static readonly FetchSource Request = new() { Address = "https://example.org/digest" };

    [Theory]
    [InlineData("unknown shape: text that is no known digest", null, "unknown_shape")]
    [InlineData("the mail holds no known digest; part 1: unknown shape: text", null, "unknown_shape")]
    [InlineData("The digest is larger than 64 MiB; only its first 64 KiB were kept.", null, "too_large")]
    [InlineData("The digest could not be read: no idea", null, "unreadable_digest")]
    [InlineData("what gzip packed cannot be read: it ends", null, "unreadable_digest")]
    [InlineData("The stage gave up: out of memory", null, "gave_up")]
    [InlineData("the digest could not be read from here on: bad token", "after entry 3", "cut_off")]
    [InlineData("the line '%%%---' that ends a listing is missing: it may be cut off", "the end", "cut_off")]
    [InlineData(
        "more than 9 entries: split the digest and ingest the parts; the rest is not read",
        "after entry 9",
        "too_large"
    )]
    [InlineData("the listing declares 5 new papers and 3 cross-lists; 4 and 3 were read", "declared count", "count")]
    [InlineData("page 2 of 90 works should hold 40; 39 were read", "part 2, declared count", "count")]
    [InlineData("no paper: it has no title", "element 4", "place")]
    [InlineData("belongs to no entry", "line 12", "place")]
    public void A_reading_that_fails_is_of_a_kind(string reason, string? position, string kind) =>
        Assert.Equal(kind, RejectionKind.Of(Letter("parse", reason, position)));

    [Theory]
    [InlineData("enrich", RejectionReasons.NotEnriched, "not_enriched")]
    [InlineData("index", RejectionReasons.NotIndexed, "not_indexed")]
    [InlineData("index", RejectionReasons.GaveUp, "gave_up")]
    [InlineData("enrich", RejectionReasons.DeliveredTooOften, "kills_worker")]
    [InlineData("index", RejectionReasons.UnknownMessage, "unknown_message")]
    [InlineData("parse", RejectionReasons.UnreadableMessage, "unreadable_message")]
    [InlineData("parse", RejectionReasons.Unquotable, "unquotable")]
    [InlineData("index", "something that no version says", "gave_up")]
    public void What_fails_in_a_stage_is_of_a_kind(string stage, string reason, string kind) =>
        Assert.Equal(kind, RejectionKind.Of(Letter(stage, reason + "because", null)));

    [Theory]
    [InlineData("Cannot read https://example.org/digest: it answered 404 NotFound.", "source")]
    [InlineData("The stage gave up: Cannot read https://example.org/digest: no answer within 100 s.", "source")]
    [InlineData("It was delivered 10 times, and each time the worker ended before it was done", "kills_worker")]
    public void An_address_that_cannot_be_fetched_is_of_a_kind(string reason, string kind) =>
        Assert.Equal(kind, RejectionKind.Of(Letter("fetch", reason, null) with { Request = Request }));

    [Fact]
    public void What_the_parser_says_of_text_that_it_does_not_know_is_an_unknown_shape()
    {
        var failure = Assert.Throws<UnreadableDigestException>(() =>
            Pages.Parse("Dear all,\n\nthe meeting is at ten.\n")
        );

        Assert.Equal(RejectionKind.UnknownShape, RejectionKind.Of(Letter("parse", failure.Message, null)));
    }

    [Theory]
    [InlineData(nameof(FailureOrigin.Dead), "kills_worker")]
    [InlineData(nameof(FailureOrigin.Skipped), "unknown_message")]
    public void What_the_broker_gives_back_is_of_a_kind(string origin, string kind)
    {
        var rules = new FailureRules([], 10);
        var failed = new FailedDelivery(
            Routes.Index,
            Enum.Parse<FailureOrigin>(origin),
            WasAlone: true,
            "text/plain",
            new Dictionary<string, string>(StringComparer.Ordinal),
            "no message"u8.ToArray()
        );

        var fate = Assert.IsType<FailureFate.Final>(rules.Decide(failed, DateTimeOffset.UnixEpoch));

        Assert.Equal(kind, RejectionKind.Of(fate.Letter));
    }

    [Fact]
    public void Every_kind_is_counted_from_the_start_by_a_stage_that_has_it() =>
        Assert.Equal(
            RejectionKind.All.Order(StringComparer.Ordinal),
            RejectionKind
                .ByStage.Select(each => each.Kind)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Every_kind_is_in_the_guide_for_operators()
    {
        var guide = Repository.Read("docs", "operations.md");

        Assert.All(RejectionKind.All, kind => Assert.Contains($"| `{kind}` |", guide, StringComparison.Ordinal));
    }

    private static EntryRejected Letter(string stage, string reason, string? position) =>
        new()
        {
            Digest = new string('a', 64),
            Stage = stage,
            Reason = reason,
            Position = position,
            TraceId = Rejections.NoTrace,
            RejectedAt = DateTimeOffset.Parse("2026-11-26T00:00:00Z", CultureInfo.InvariantCulture),
        };
}
