using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Conformance;

public abstract partial class PaperStoreConformance
{
    private const string Bridges = "Another long title about bridges";

    [Fact]
    public async Task Accounts_are_the_same_in_any_order_and_repetition()
    {
        Func<IPaperStore, Task>[] steps =
        [
            s => s.RecordAsync(Fetched("n"), Token),
            s => s.RecordAsync(Parsed(2, 1), Token),
            s => s.AddAsync(Place("line 7"), Token),
            s => s.AddAsync(Letter("enrich", 2), Token),
            s => s.WriteAsync([Observations.Of("d", 1, Lanterns)], Token),
            s => s.WriteAsync([Observations.Of("d", 2, Bridges)], Token),
        ];
        for (var turn = 0; turn < steps.Length; turn++)
        {
            await using var store = await OpenAsync($"accounts-{turn}");
            foreach (var step in steps.Skip(turn).Concat(steps.Take(turn)).Concat(steps.Take(3)))
                await step(store);

            var status = (await store.FindAsync("d", Token))!;

            Assert.Equal(("partial", 2, 2, 1), (status.State, status.Papers, status.Indexed, status.Dead));
            Assert.Equal("line 7", Assert.Single(await store.ListDeadLettersAsync(Token)).Rejected.Position);
            Assert.Equal(status, Assert.Single(await store.ListAsync(Token)));
        }
    }

    [Fact]
    public async Task A_digest_goes_from_fetched_through_indexing_to_complete()
    {
        await using var store = await OpenAsync("states");
        var states = new List<string?>();

        await Note(() => Task.CompletedTask);
        await Note(() => store.RecordAsync(Fetched("n"), Token));
        await Note(() => store.RecordAsync(Parsed(2, 0), Token));
        await Note(() => store.WriteAsync([Observations.Of("d", 1, Lanterns)], Token));
        await Note(() => store.WriteAsync([Observations.Of("d", 2, Bridges)], Token));

        Assert.Equal([null, "fetched", "indexing", "indexing", "complete"], states);

        async Task Note(Func<Task> step)
        {
            await step();
            states.Add((await store.FindAsync("d", Token))?.State);
        }
    }

    [Fact]
    public async Task When_a_digest_was_settled_first_stays_whatever_becomes_of_it_later()
    {
        await using var store = await OpenAsync("settled");
        await store.RecordAsync(Fetched("n"), Token);
        await store.RecordAsync(Parsed(2, 0), Token);
        await store.WriteAsync([Observations.Of("d", 1, Lanterns)], Token);
        var seconds = new List<double?> { await NotedAsync(1) };

        await store.AddAsync(Letter("index", 2), Token);
        seconds.Add(await NotedAsync(2));
        // Given back, indexed, read again as it was and by a newer parser, and retrieved earlier than was known.
        await store.RecordAsync(Retried(Assert.Single(await store.ListDeadLettersAsync(Token))), Token);
        seconds.Add(await NotedAsync(3));
        await store.WriteAsync([Observations.Of("d", 2, Bridges)], Token);
        seconds.Add(await NotedAsync(4));
        await store.RecordAsync(Parsed(2, 0), Token);
        await store.RecordAsync(Parsed(3, 0) with { ParserVersion = 2 }, Token);
        seconds.Add(await NotedAsync(5));
        await store.RecordAsync(Fetched("m") with { RetrievedAt = DateTimeOffset.UnixEpoch.AddDays(-1) }, Token);
        await store.NoteAsync(null, DateTimeOffset.UnixEpoch.AddSeconds(6), Token);
        seconds.Add(await NotedAsync(7));

        Assert.Equal([null, 2, 2, 2, 2, 2], seconds);

        async Task<double?> NotedAsync(int second)
        {
            var at = DateTimeOffset.UnixEpoch.AddSeconds(second);
            var written = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal) { ["d"] = at };
            await store.NoteAsync(written, at.AddHours(1), Token);
            return ((await store.FindAsync("d", Token))!.SettledAt - DateTimeOffset.UnixEpoch)?.TotalSeconds;
        }
    }

    [Fact]
    public async Task Where_nobody_knows_when_a_digest_was_written_to_it_was_settled_by_the_time_of_the_note()
    {
        await using var store = await OpenAsync("left");
        await store.RecordAsync(Fetched("n"), Token);
        await store.AddAsync(Letter("parse", null), Token);
        var at = DateTimeOffset.UnixEpoch.AddHours(1);

        await store.NoteAsync(null, at, Token);
        await store.NoteAsync(null, at.AddHours(1), Token);

        Assert.Equal(at, (await store.FindAsync("d", Token))!.SettledAt);
    }

    [Fact]
    public async Task What_a_digest_was_recognised_by_is_that_of_the_newest_reading()
    {
        await using var store = await OpenAsync("recognised");
        var read = Parsed(1, 0) with { RecognisedBy = "a line 'new'" };
        var again = read with { RecognisedBy = "members paper.id", Shape = "other", ParserVersion = 2 };

        await store.RecordAsync(read, Token);
        await store.RecordAsync(again, Token);
        await store.RecordAsync(read, Token);

        var status = (await store.FindAsync("d", Token))!;
        Assert.Equal(("other", "members paper.id"), (status.Shape, status.RecognisedBy));
    }

    [Fact]
    public async Task A_paper_that_a_digest_names_twice_is_two_entries_of_one_document()
    {
        await using var store = await OpenAsync("named-twice");
        await store.RecordAsync(Parsed(3, 0), Token);

        await store.WriteAsync([Observations.Of("d", 1, Lanterns), Observations.Of("d", 2, Bridges)], Token);
        await store.WriteAsync([Observations.Of("d", 3, Lanterns)], Token);

        Assert.Equal(3, (await store.FindAsync("d", Token))!.Indexed);
        Assert.Equal(2, await store.CountAsync(Token));
    }

    [Fact]
    public async Task A_digest_that_could_not_be_read_has_failed_until_it_is_read()
    {
        await using var store = await OpenAsync("failed");
        await store.RecordAsync(Fetched("n"), Token);
        await store.AddAsync(Letter("parse", null), Token);

        var failed = (await store.FindAsync("d", Token))!;
        await store.RecordAsync(Parsed(0, 0), Token);
        var read = (await store.FindAsync("d", Token))!;

        Assert.Equal(("failed", 0, 1, true), (failed.State, failed.Papers, failed.Dead, failed.IsSettled));
        Assert.Equal(("complete", 0), (read.State, read.Dead));
        Assert.Empty(await store.ListDeadLettersAsync(Token));
    }

    [Fact]
    public async Task A_letter_whose_entry_arrives_after_all_settles_itself()
    {
        await using var store = await OpenAsync("settles");
        await store.RecordAsync(Parsed(1, 0), Token);
        await store.AddAsync(Letter("index", 1), Token);

        await store.WriteAsync([Observations.Of("d", 1, Lanterns)], Token);

        Assert.Equal("complete", (await store.FindAsync("d", Token))!.State);
        Assert.Empty(await store.ListDeadLettersAsync(Token));
    }

    [Fact]
    public async Task A_letter_that_is_given_back_is_open_again_only_when_it_fails_once_more()
    {
        await using var store = await OpenAsync("given-back");
        await store.RecordAsync(Parsed(1, 0), Token);
        var (first, second) = (Letter("index", 1), Letter("index", 1) with { Attempts = 2 });
        await store.AddAsync(first, Token);
        var letter = Assert.Single(await store.ListDeadLettersAsync(Token));

        await store.RecordAsync(Retried(letter), Token);
        await store.AddAsync(first, Token);
        await store.RecordAsync(Retried(letter), Token);

        Assert.Empty(await store.ListDeadLettersAsync(Token));
        Assert.Equal("indexing", (await store.FindAsync("d", Token))!.State);

        await store.AddAsync(second, Token);
        await store.AddAsync(first, Token);
        await store.RecordAsync(Retried(letter), Token);

        Assert.Equal(2, Assert.Single(await store.ListDeadLettersAsync(Token)).Rejected.Attempts);
        Assert.Equal("partial", (await store.FindAsync("d", Token))!.State);
    }

    [Fact]
    public async Task A_digest_that_is_given_back_has_not_failed_any_more()
    {
        await using var store = await OpenAsync("whole-given-back");
        await store.RecordAsync(Fetched("n"), Token);
        await store.AddAsync(Letter("parse", null), Token);

        await store.RecordAsync(Retried(Assert.Single(await store.ListDeadLettersAsync(Token))), Token);

        Assert.Equal("fetched", (await store.FindAsync("d", Token))!.State);
    }

    [Fact]
    public async Task A_letter_of_a_newer_reading_is_open_whatever_was_given_back_before()
    {
        await using var store = await OpenAsync("newer-reading");
        await store.AddAsync(Letter("enrich", 1) with { Attempts = 5 }, Token);
        await store.RecordAsync(Retried(Assert.Single(await store.ListDeadLettersAsync(Token))), Token);

        await store.AddAsync(Letter("enrich", 1) with { ParserVersion = 2 }, Token);

        Assert.Equal(2, Assert.Single(await store.ListDeadLettersAsync(Token)).Rejected.ParserVersion);
    }

    [Fact]
    public async Task A_letter_that_another_process_wrote_is_off_the_list_once_it_is_given_back()
    {
        await using (var before = await OpenAsync("given-back-later"))
            await before.AddAsync(Letter("enrich", 1), Token);
        await using var store = await OpenAsync("given-back-later");

        await store.RecordAsync(Retried(Assert.Single(await store.ListDeadLettersAsync(Token))), Token);

        Assert.Empty(await store.ListDeadLettersAsync(Token));
    }

    [Fact]
    public async Task A_mark_for_a_letter_that_is_not_there_does_nothing()
    {
        await using var store = await OpenAsync("no-letter");
        var letter = Letter("enrich", 1);

        await store.RecordAsync(Retried(new DeadLetter(DeadLetter.IdOf(letter), letter)), Token);
        await store.AddAsync(letter, Token);

        Assert.Single(await store.ListDeadLettersAsync(Token));
    }

    [Fact]
    public async Task A_letter_keeps_its_greatest_number_of_attempts_in_any_order()
    {
        await using var store = await OpenAsync("attempts");

        foreach (var (ordinal, attempts) in new[] { (1, 1), (1, 3), (2, 3), (2, 1) })
            await store.AddAsync(Letter("enrich", ordinal) with { Attempts = attempts }, Token);

        Assert.Equal([3, 3], (await store.ListDeadLettersAsync(Token)).Select(l => l.Rejected.Attempts));
    }

    [Fact]
    public async Task A_dismissed_letter_is_counted_and_says_so_in_any_order_until_that_is_undone()
    {
        await using var store = await OpenAsync("dismissed");
        await store.RecordAsync(Parsed(0, 2), Token);
        var dismissal = Dismissal(1, Place("line 7"));
        // Of what was not there yet, as in an index that is built anew.
        await store.DecideAsync(dismissal, Token);
        foreach (var letter in (EntryRejected[])[Place("line 7"), Place("line 9"), Place("line 7")])
            await store.AddAsync(letter, Token);

        var some = (await store.FindAsync("d", Token))!;
        await store.DecideAsync(Dismissal(2, Place("line 9")), Token);
        await store.DecideAsync(dismissal, Token);
        var all = (await store.FindAsync("d", Token))!;
        var names = (await store.ListDeadLettersAsync(Token)).Select(l => l.Dismissed);
        await store.DecideAsync(Undo(3, dismissal), Token);
        var undone = (await store.FindAsync("d", Token))!;

        Assert.Equal(("partial", 2, 1), (some.State, some.Dead, some.Dismissed));
        Assert.Equal(("partial", 2, 2, 0), (all.State, all.Dead, all.Dismissed, all.Open));
        Assert.Equal([dismissal.Id, Dismissal(2).Id], names);
        Assert.Equal((2, 1), (undone.Dead, undone.Dismissed));
    }

    [Fact]
    public async Task A_dismissal_means_the_same_failure_whoever_reads_it_again_and_no_later_one()
    {
        await using var store = await OpenAsync("dismissed-again");
        var (place, entry) = (Place("line 7"), Letter("index", 1));
        await store.AddAsync(place, Token);
        await store.AddAsync(entry, Token);
        await store.DecideAsync(Dismissal(1, place, entry), Token);
        Assert.Equal([true, true], await DismissedAsync());

        await store.AddAsync(place with { ParserVersion = 2 }, Token);
        // Another version may number entries differently.
        await store.AddAsync(entry with { ParserVersion = 2 }, Token);
        Assert.Equal([true, false], await DismissedAsync());

        // It is read again when another letter of its digest is given back.
        await store.AddAsync(place with { ParserVersion = 2, Attempts = 2 }, Token);
        Assert.Equal([true, false], await DismissedAsync());

        await store.DecideAsync(Dismissal(2, entry with { ParserVersion = 2 }), Token);
        Assert.Equal([true, true], await DismissedAsync());
        await store.AddAsync(entry with { ParserVersion = 2, Attempts = 2 }, Token);
        Assert.Equal([true, false], await DismissedAsync());

        async Task<IEnumerable<bool>> DismissedAsync() =>
            (await store.ListDeadLettersAsync(Token))
                .OrderBy(l => l.Rejected.Ordinal)
                .Select(l => l.Dismissed is not null);
    }

    [Fact]
    public async Task An_entry_that_failed_in_two_stages_is_dismissed_with_both_letters()
    {
        await using var store = await OpenAsync("two-dismissed");
        await store.RecordAsync(Parsed(1, 0), Token);
        var (enrich, index) = (Letter("enrich", 1), Letter("index", 1));
        await store.AddAsync(enrich, Token);
        await store.AddAsync(index, Token);

        await store.DecideAsync(Dismissal(1, enrich), Token);
        var one = (await store.FindAsync("d", Token))!;
        await store.DecideAsync(Dismissal(2, index), Token);
        var both = (await store.FindAsync("d", Token))!;

        Assert.Equal((1, 0), (one.Dead, one.Dismissed));
        Assert.Equal((1, 1), (both.Dead, both.Dismissed));
    }

    [Fact]
    public async Task Letters_of_an_older_reading_go_when_a_newer_one_is_recorded()
    {
        await using var store = await OpenAsync("older");
        await store.RecordAsync(Parsed(1, 1), Token);
        await store.AddAsync(Place("line 7"), Token);
        await store.WriteAsync([Observations.Of("d", 1, Lanterns)], Token);

        await store.RecordAsync(Parsed(1, 0) with { ParserVersion = 2 }, Token);

        Assert.Empty(await store.ListDeadLettersAsync(Token));
        Assert.Equal("complete", (await store.FindAsync("d", Token))!.State);
    }

    [Fact]
    public async Task An_entry_that_failed_in_two_stages_does_not_settle_its_neighbour()
    {
        await using var store = await OpenAsync("two-stages");
        await store.RecordAsync(Parsed(2, 0), Token);

        await store.AddAsync(Letter("enrich", 1), Token);
        await store.AddAsync(Letter("index", 1), Token);
        var open = (await store.FindAsync("d", Token))!;
        await store.WriteAsync([Observations.Of("d", 2, Lanterns)], Token);
        var settled = (await store.FindAsync("d", Token))!;

        Assert.Equal((false, 1), (open.IsSettled, open.Dead));
        Assert.Equal(("partial", 1, 1), (settled.State, settled.Indexed, settled.Dead));
    }

    [Fact]
    public async Task The_day_stated_last_counts_in_any_order()
    {
        var (first, second) = (new DateOnly(2026, 1, 2), new DateOnly(2026, 1, 3));
        DigestParsed[] readings =
        [
            Parsed(2, 0),
            Parsed(2, 0) with
            {
                Day = second,
                DayStatedAt = DateTimeOffset.UnixEpoch,
            },
            Parsed(2, 0) with
            {
                Day = first,
                DayStatedAt = DateTimeOffset.UnixEpoch.AddHours(1),
            },
        ];
        foreach (var (a, b, c) in new[] { (0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1) })
        {
            await using var store = await OpenAsync($"day-{a}{b}{c}");
            foreach (var reading in new[] { a, b, c })
                await store.RecordAsync(readings[reading], Token);

            Assert.Equal(first, (await store.FindAsync("d", Token))!.Day);
        }
    }

    [Fact]
    public async Task Of_several_retrievals_the_same_one_counts_in_any_order()
    {
        DigestFetched[] retrievals =
        [
            Fetched("b") with
            {
                TraceId = "b",
            },
            Fetched("a") with
            {
                TraceId = "z",
            },
            Fetched("a") with
            {
                TraceId = "y",
            },
            Fetched("0") with
            {
                RetrievedAt = DateTimeOffset.UnixEpoch.AddSeconds(1),
            },
        ];
        for (var turn = 0; turn < retrievals.Length; turn++)
        {
            await using var store = await OpenAsync($"retrievals-{turn}");
            foreach (var fetched in retrievals.Skip(turn).Concat(retrievals.Take(turn)))
                await store.RecordAsync(fetched, Token);

            var status = (await store.FindAsync("d", Token))!;

            Assert.Equal(("a", "y", DateTimeOffset.UnixEpoch), (status.Name, status.TraceId, status.RetrievedAt));
        }
    }

    [Fact]
    public async Task Digests_are_listed_by_retrieval_and_counted_apart()
    {
        await using var store = await OpenAsync("list");
        foreach (var (digest, seconds) in new[] { ("d2", 1), ("d1", 2), ("d3", 0) })
        {
            var fetched = Fetched(digest) with
            {
                Digest = digest,
                RetrievedAt = DateTimeOffset.UnixEpoch.AddSeconds(seconds),
            };
            await store.RecordAsync(fetched, Token);
            await store.RecordAsync(Parsed(1, 0) with { Digest = digest }, Token);
        }
        await store.WriteAsync([Observations.Of("d1", 1, Lanterns), Observations.Of("d2", 1, Lanterns)], Token);

        var digests = await store.ListAsync(Token);

        Assert.Equal(
            [("d3", "indexing", 0), ("d2", "complete", 1), ("d1", "complete", 1)],
            digests.Select(d => (d.Digest, d.State, d.Indexed))
        );
    }

    protected static DigestFetched Fetched(string name) =>
        new()
        {
            Digest = "d",
            Size = 1,
            Name = name,
            RetrievedAt = DateTimeOffset.UnixEpoch,
            TraceId = "t",
        };

    protected static DigestParsed Parsed(int entries, int reported) =>
        new()
        {
            Digest = "d",
            Entries = entries,
            Reported = reported,
            Shape = "s",
            ParserVersion = 1,
        };

    private static DeadLetterRetried Retried(DeadLetter letter) =>
        new()
        {
            Letter = letter.Id,
            Digest = letter.Rejected.Digest,
            ParserVersion = letter.Rejected.ParserVersion,
            Attempts = letter.Rejected.Attempts,
        };

    private static DecisionMade Dismissal(int day, params EntryRejected[] letters) =>
        Made(
            new Decision
            {
                Kind = "dismiss",
                DecidedAt = DateTimeOffset.UnixEpoch.AddDays(day),
                Letters =
                [
                    .. letters.Select(letter => new LetterReference
                    {
                        Letter = DeadLetter.IdOf(letter),
                        Attempts = letter.Attempts,
                        ParserVersion = letter.ParserVersion,
                    }),
                ],
            }
        );

    private static DecisionMade Undo(int day, DecisionMade undone) =>
        Made(
            new Decision
            {
                Kind = "undo",
                DecidedAt = DateTimeOffset.UnixEpoch.AddDays(day),
                Undone = undone.Id,
            }
        );

    private static DecisionMade Made(Decision decision) =>
        new() { Id = $"{decision.DecidedAt.Day:00}".PadRight(64, 'e'), Decision = decision };

    private static EntryRejected Place(string position) => Letter("parse", null) with { Position = position };

    protected static EntryRejected Letter(string stage, int? ordinal) =>
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
