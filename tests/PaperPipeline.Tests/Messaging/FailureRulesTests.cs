using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Messaging.Failures;

namespace PaperPipeline.Tests.Messaging;

public sealed class FailureRulesTests
{
    private const string Needle = "what kills";
    private const int DeliveryLimit = 10;

    private static readonly DateTimeOffset Now = new(2026, 5, 22, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan[] Delays = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)];
    private static readonly FailureRules Rules = new(Delays, DeliveryLimit);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // Every text of a letter may hold it, also those that should be a number or a name of ours.
    private static readonly Gen<string> GenText = OneOf("", "line 12", "enrich", Needle, $"a {Needle} b");

    private static readonly Gen<EntryRejected> GenRejected =
        from digest in OneOf(new string('a', 64), Needle.PadRight(64))
        from trace in OneOf(new string('b', 32), Needle.PadRight(32))
        from stage in OneOf("fetch", "parse", "enrich", "index", Needle)
        from ordinal in Gen.Int[1, 99].Nullable()
        from position in GenText.Null()
        from reason in GenText
        from excerpt in GenText.Null()
        from address in GenText.Null()
        from title in GenText.Null()
        from body in GenText.Null()
        from length in OneOf(0, 300_000)
        select new EntryRejected
        {
            Digest = digest,
            TraceId = trace,
            Stage = stage,
            Ordinal = ordinal,
            Position = position,
            Reason = reason + new string('.', length),
            Excerpt = excerpt,
            RejectedAt = Now,
            Request = address is null ? null : new FetchSource { Address = address },
            Entry = title is null ? null : EntryOf(title),
            Message = body is null ? null : new FailedMessage { Queue = body, Body = body },
        };

    [Fact]
    public void A_dead_letter_that_kills_the_indexer_is_said_again_without_what_it_quotes() =>
        GenRejected.Sample(rejected =>
        {
            var fate = Assert.IsType<FailureFate.Final>(Decide(rejected, FailureOrigin.Dead, wasAlone: true));

            Assert.DoesNotContain(Needle, JsonSerializer.Serialize(fate.Letter), StringComparison.Ordinal);
            Assert.True(fate.IsSuspect);
            Assert.Equal(rejected.Ordinal, fate.Letter.Ordinal);
            Assert.Equal(rejected.Position is null, fate.Letter.Position is null);
            if (fate.Letter.Message is { } kept)
                Assert.Equal(Wrapped(rejected), Convert.FromBase64String(kept.Body));
        });

    [Fact]
    public void Whatever_a_dead_letter_dies_of_it_comes_to_an_end() =>
        GenRejected.Sample(rejected =>
        {
            var said = 0;
            while (Decide(rejected, FailureOrigin.Dead, wasAlone: true) is FailureFate.Final { Letter: var next })
            {
                rejected = next;
                Assert.True(++said <= 2, $"{said}: {rejected}");
            }
            Assert.IsType<FailureFate.Unwritable>(Decide(rejected, FailureOrigin.Dead, wasAlone: true));
        });

    [Fact]
    public void A_dead_letter_that_is_refused_however_it_is_said_waits()
    {
        var rejected = Rejections.Of(EntryOf(Needle), "enrich", Needle, Now);
        for (var said = 0; said < 2; said++)
            rejected = Assert
                .IsType<FailureFate.Final>(Decide(rejected, FailureOrigin.Error, wasAlone: false, retries: 2))
                .Letter;

        Assert.Null(rejected.Message);
        var fate = Decide(rejected, FailureOrigin.Error, wasAlone: false, retries: 2);
        Assert.Equal(new FailureFate.Later(Delays[^1]), fate);
    }

    [Fact]
    public void A_dead_letter_that_replaces_another_has_its_place_and_more_attempts_once_it_was_given_back()
    {
        var rejected = Rejections.Of(EntryOf(Needle), "enrich", Needle, Now) with { Attempts = 7 };

        var first = Assert.IsType<FailureFate.Final>(Decide(rejected, FailureOrigin.Dead, wasAlone: true)).Letter;
        var second = Assert
            .IsType<FailureFate.Final>(Decide(rejected, FailureOrigin.Dead, wasAlone: true, attempts: first.Attempts))
            .Letter;

        Assert.Equal((rejected.Digest, 7, "enrich", 7), (first.Digest, first.Ordinal, first.Stage, first.Attempts));
        Assert.True(second.Attempts > first.Attempts);
    }

    [Theory]
    [InlineData("Dead", true)]
    [InlineData("Error", false)]
    public void Only_a_chunk_that_may_kill_its_worker_is_taken_apart_into_suspects(string origin, bool areSuspect)
    {
        var chunk = new PapersParsed { Digest = new string('a', 64), Entries = [EntryOf("one"), EntryOf("two")] };

        var fate = Decide(
            Routes.Enrich,
            FailedEnvelope.Wrap(chunk, Now),
            Enum.Parse<FailureOrigin>(origin),
            wasAlone: false
        );

        var apart = Assert.IsType<FailureFate.Apart>(fate);
        Assert.Equal(areSuspect, apart.AreSuspect);
        Assert.Equal(
            ["one", "two"],
            apart.Bodies.Select(body =>
                JsonNode.Parse(body)!["message"]!["entries"]!.AsArray().Single()!["title"]!.GetValue<string>()
            )
        );
    }

    [Fact]
    public void Only_the_indexer_is_spared_to_read_beside_others_what_has_killed_it()
    {
        var chunk = FailedEnvelope.Wrap(
            new PapersParsed { Digest = new string('a', 64), Entries = [EntryOf(Needle)] },
            Now
        );

        foreach (var stage in (string[])[Routes.Parse, Routes.Enrich, Routes.Index])
            Assert.Equal(
                stage == Routes.Index,
                Assert.IsType<FailureFate.Final>(Decide(stage, chunk, FailureOrigin.Dead, wasAlone: true)).IsSuspect
            );
    }

    [Fact]
    public void A_message_larger_than_any_of_ours_is_not_looked_into()
    {
        var entries = Enumerable.Repeat(EntryOf(new string('x', 100_000)), 50).ToList();
        var body = FailedEnvelope.Wrap(new PapersParsed { Digest = new string('a', 64), Entries = entries }, Now);

        var letter = Assert
            .IsType<FailureFate.Final>(Decide(Routes.Enrich, body, FailureOrigin.Dead, wasAlone: true))
            .Letter;

        Assert.Equal((Rejections.Identity(body), null), (letter.Digest, letter.Message));
    }

    private static FailureFate Decide(
        EntryRejected rejected,
        FailureOrigin origin,
        bool wasAlone,
        int retries = 0,
        int attempts = 0
    ) => Decide(Routes.Index, Wrapped(rejected), origin, wasAlone, retries, attempts);

    private static FailureFate Decide(
        string queue,
        byte[] body,
        FailureOrigin origin,
        bool wasAlone,
        int retries = 0,
        int attempts = 0
    ) =>
        Rules.Decide(
            new FailedDelivery(
                queue,
                origin,
                wasAlone,
                "application/vnd.masstransit+json",
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["MT-Fault-ExceptionType"] = "System.InvalidOperationException",
                    ["MT-Fault-ConsumerType"] = "AccountsConsumer",
                    ["MT-Fault-Message"] = "it cannot be",
                    [FailedDelivery.RetriesHeader] = retries.ToString(null as IFormatProvider),
                    [Attempts.Header] = attempts.ToString(null as IFormatProvider),
                },
                body
            ),
            Now
        );

    private static byte[] Wrapped(EntryRejected rejected)
    {
        // One message is the same each time.
        var envelope = JsonNode.Parse(FailedEnvelope.Wrap(rejected, Now))!;
        envelope["messageId"] = Guid.Empty.ToString();
        return Encoding.UTF8.GetBytes(envelope.ToJsonString());
    }

    private static Entry EntryOf(string title) =>
        new()
        {
            Digest = new string('a', 64),
            Ordinal = 7,
            ParserVersion = 1,
            Source = "drop",
            Title = title,
            ObservedAt = Now,
            TraceId = new string('b', 32),
        };
}
