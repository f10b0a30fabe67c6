using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

// Counts are counted at each question: what the papers say of their entries, not what messages said.
public sealed partial class ElasticsearchStore
{
    private const int DigestsPerSearch = 8;
    private const int EntriesPerSearch = 1000;

    /// <inheritdoc />
    public Task RecordAsync(DigestFetched fetched, CancellationToken cancellationToken) =>
        ChangeLedgerAsync(fetched.Digest, record => record.With(fetched), cancellationToken);

    /// <inheritdoc />
    public async Task RecordAsync(DigestParsed parsed, CancellationToken cancellationToken)
    {
        var (reread, again) = (false, false);
        await ChangeLedgerAsync(
            parsed.Digest,
            record =>
            {
                var after = record.With(parsed);
                again = record.ParserVersion is not null;
                reread = after.Reread is true || readings.IsReread(parsed.Digest);
                return after;
            },
            cancellationToken
        );
        // Of an older reading the papers may be there alone: its end has not come, nor have papers of this one.
        // A replay also mends what somebody has damaged: entries in several papers, and keys that lead nowhere.
        if (again || reread || await IsReadByOthersAsync(parsed, cancellationToken))
            await WritingAsync(token => ReviseAsync(parsed.Digest, token), cancellationToken);
    }

    private async Task<bool> IsReadByOthersAsync(DigestParsed parsed, CancellationToken cancellationToken)
    {
        var versions = new SortedSet<int>();
        await WritingAsync(
            async token =>
            {
                if (await accounts.ReadAsync(names.Write, DigestReadings.IdOf(parsed.Digest), token) is { } note)
                    versions = DigestReadings.Read(note.Source);
            },
            cancellationToken
        );
        return versions.Any(v => v != parsed.ParserVersion);
    }

    // Entries of an older reading beyond those that the newest has go; an entry that is in several papers, and keys that do not
    // lead to their paper, are put right.
    private async Task ReviseAsync(string digest, CancellationToken cancellationToken)
    {
        var rulings = await standing.RefreshAsync([digest], cancellationToken);
        await search.RefreshAsync(cancellationToken);
        var papers = search.AnnouncedAsync(digest, cancellationToken);
        var wrong = new HashSet<string>(StringComparer.Ordinal);
        var holders = new Dictionary<int, string>();
        await foreach (var some in papers.Chunk(PaperRecords.PerRequest).WithCancellation(cancellationToken))
        {
            foreach (var paper in some)
            {
                if (rulings.Apply(paper.Observations).Count() < paper.Observations.Count)
                    wrong.Add(paper.Id);
                foreach (var entry in paper.Observations.Select(o => o.Entry).Where(e => e.Digest == digest))
                    if (!holders.TryAdd(entry.Ordinal, paper.Id))
                        wrong.UnionWith([holders[entry.Ordinal], paper.Id]);
            }
            wrong.UnionWith((await FindLostKeysAsync(some, cancellationToken)).Select(lost => lost.Paper));
        }
        foreach (var some in wrong.Chunk(DigestsPerSearch))
            await writer.WriteAsync([], some, [digest], cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyCollection<string>> NoteAsync(
        IReadOnlyDictionary<string, DateTimeOffset>? digests,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var overtaken = new List<string>();
        await WritingAsync(
            async token =>
            {
                await FreshenAsync(token);
                var known = new Dictionary<string, (LedgerRecord Record, DocumentVersion Version)>(
                    StringComparer.Ordinal
                );
                var queries = digests is null
                    ? [NotSettled()]
                    : digests.Keys.Chunk(EntriesPerSearch).Select(some => Terms(some));
                foreach (var query in queries)
                await foreach (var found in VersionedLedgerAsync(query, token))
                    known[found.Record.Digest] = found;
                foreach (var some in known.Keys.Chunk(EntriesPerSearch))
                {
                    // Counted after the documents were read: who wrote one in between has counted later.
                    var counted = await StatusesAsync([.. some.Select(d => known[d].Record)], Terms(some), token);
                    var done = await Task.WhenAll(
                        counted.Select(status =>
                            NoteAsync(
                                known[status.Digest],
                                status,
                                digests?.GetValueOrDefault(status.Digest) ?? now,
                                token
                            )
                        )
                    );
                    overtaken.AddRange(counted.Zip(done).Where(w => !w.Second).Select(w => w.First.Digest));
                }
            },
            cancellationToken
        );
        return overtaken;

        static JsonObject Terms(IEnumerable<string> some) => ElasticsearchSearch.Terms("digest", some);

        static JsonObject NotSettled() =>
            new()
            {
                ["bool"] = new JsonObject
                {
                    ["must_not"] = ElasticsearchSearch.Terms("state", ["complete", "partial", "failed"]),
                },
            };
    }

    private async Task<bool> NoteAsync(
        (LedgerRecord Record, DocumentVersion Version) known,
        DigestStatus counted,
        DateTimeOffset writtenAt,
        CancellationToken cancellationToken
    )
    {
        var after = known.Record.With(counted, writtenAt);
        return after == known.Record
            || await accounts.TryWriteAsync(
                names.Ledger,
                counted.Digest,
                known.Version,
                PaperJson.Write(after),
                cancellationToken
            );
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<DigestStatus>> ListAsync(CancellationToken cancellationToken)
    {
        await FreshenAsync(cancellationToken);
        var digests = new List<LedgerRecord>();
        await foreach (var record in LedgerAsync(All(), cancellationToken))
            digests.Add(record);
        return
        [
            .. (await StatusesAsync(digests, All(), cancellationToken))
                .OrderBy(s => s.RetrievedAt)
                .ThenBy(s => s.Digest, StringComparer.Ordinal),
        ];
    }

    /// <inheritdoc />
    public async Task<DigestStatus?> FindAsync(string digest, CancellationToken cancellationToken)
    {
        // A digest that is new is asked for often, and answered without a refresh.
        var isKnown = false;
        await RestoringAsync(
            async token => isKnown = await accounts.ReadAsync(names.Ledger, digest, token) is not null,
            cancellationToken
        );
        return isKnown && await FindAsync([digest], cancellationToken) is [var one] ? one : null;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<DigestStatus>> FindAsync(
        IReadOnlyCollection<string> digests,
        CancellationToken cancellationToken
    )
    {
        var statuses = new List<DigestStatus>();
        await RestoringAsync(token => FindAsync(digests, statuses, token), cancellationToken);
        return statuses;
    }

    private async Task FindAsync(
        IReadOnlyCollection<string> digests,
        List<DigestStatus> statuses,
        CancellationToken cancellationToken
    )
    {
        await FreshenAsync(cancellationToken);
        foreach (var some in digests.Chunk(EntriesPerSearch))
        {
            var query = ElasticsearchSearch.Terms("digest", some);
            var known = new List<LedgerRecord>();
            await foreach (var record in LedgerAsync(query, cancellationToken))
                known.Add(record);
            statuses.AddRange(await StatusesAsync(known, query, cancellationToken));
        }
    }

    /// <inheritdoc />
    public Task AddAsync(EntryRejected rejected, CancellationToken cancellationToken)
    {
        var source = DeadLetterSource.Of(rejected);
        return WritingAsync(
            async token =>
            {
                await accounts.ChangeAsync(names.DeadLetters, source.Id, Change, token);
                // Who decides looks at the letter after the decision is written: one of both sees the other.
                var decisions = await DecisionsAsync(token);
                if (decisions.Dismiss)
                    await MarkDismissedAsync(source.Id, decisions, token);
            },
            cancellationToken
        );

        byte[]? Change(JsonElement? known)
        {
            var before = known is { } document ? PaperJson.ReadDeadLetter(document) : null;
            return before is not null && !IsNewer(rejected, before.Rejected)
                ? null
                : PaperJson.Write(source with { Retried = before?.Retried });
        }
    }

    // For charts alone: whoever lists letters asks the decisions.
    private Task MarkDismissedAsync(string letter, DecisionSet decisions, CancellationToken cancellationToken)
    {
        return accounts.ChangeAsync(names.DeadLetters, letter, Change, cancellationToken);

        byte[]? Change(JsonElement? known)
        {
            if (known is not { } document || PaperJson.ReadDeadLetter(document) is not { } before)
                return null;
            var dismissed = decisions.Apply(new DeadLetter(before.Id, before.Rejected)).Dismissed is not null;
            return dismissed == before.Dismissed is true
                ? null
                : PaperJson.Write(before with { Dismissed = dismissed ? true : null });
        }
    }

    /// <inheritdoc />
    public Task RecordAsync(DeadLetterRetried retried, CancellationToken cancellationToken)
    {
        var mark = new RetriedMark(retried.ParserVersion, retried.Attempts);
        return WritingAsync(
            token => accounts.ChangeAsync(names.DeadLetters, retried.Letter, Change, token),
            cancellationToken
        );

        byte[]? Change(JsonElement? known) =>
            known is { } document && PaperJson.ReadDeadLetter(document) is var before && mark.Exceeds(before.Retried)
                ? PaperJson.Write(before with { Retried = mark })
                : null;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(CancellationToken cancellationToken)
    {
        await FreshenAsync(cancellationToken);
        var letters = await LettersAsync(All(), cancellationToken);
        var named = letters.Select(l => l.Rejected.Digest).Distinct(StringComparer.Ordinal).ToList();
        var ledger = new Dictionary<string, LedgerRecord>(StringComparer.Ordinal);
        foreach (var some in named.Chunk(EntriesPerSearch))
        {
            var query = ElasticsearchSearch.Terms("digest", some);
            await foreach (var record in LedgerAsync(query, cancellationToken))
                ledger[record.Digest] = record;
        }
        var present = await PresentAsync(letters, cancellationToken);
        var decisions = await DecisionsAsync(cancellationToken);
        return
        [
            .. letters
                .Where(l => IsUnsettled(l.Rejected, ledger.GetValueOrDefault(l.Rejected.Digest), present))
                .Select(decisions.Apply)
                .OrderBy(l => l.Rejected.Digest, StringComparer.Ordinal)
                .ThenBy(l => l.Rejected.Ordinal)
                .ThenBy(l => l.Rejected.Position, StringComparer.Ordinal)
                .ThenBy(l => l.Id, StringComparer.Ordinal),
        ];
    }

    private Task ChangeLedgerAsync(
        string digest,
        Func<LedgerRecord, LedgerRecord> change,
        CancellationToken cancellationToken
    )
    {
        return WritingAsync(token => accounts.ChangeAsync(names.Ledger, digest, Change, token), cancellationToken);

        byte[]? Change(JsonElement? known)
        {
            var before = known is { } document ? PaperJson.ReadLedger(document) : new LedgerRecord { Digest = digest };
            var after = change(before);
            return known is not null && after == before ? null : PaperJson.Write(after);
        }
    }

    private async Task<IReadOnlyList<DigestStatus>> StatusesAsync(
        List<LedgerRecord> digests,
        JsonObject lettersQuery,
        CancellationToken cancellationToken
    )
    {
        var letters = await LettersAsync(lettersQuery, cancellationToken);
        var present = await PresentAsync(letters, cancellationToken);
        var decisions = letters.Count > 0 ? await DecisionsAsync(cancellationToken) : DecisionSet.None;
        var byDigest = letters.Select(decisions.Apply).ToLookup(l => l.Rejected.Digest, StringComparer.Ordinal);
        var indexed = await IndexedAsync([.. digests.Select(r => r.Digest)], cancellationToken);
        return
        [
            .. digests.Select(r =>
            {
                var dead = byDigest[r.Digest].Where(l => IsUnsettled(l.Rejected, r, present)).ToList();
                return DigestStatus.Of(
                    r.Digest,
                    r.Entries,
                    r.Reported,
                    indexed.GetValueOrDefault(r.Digest),
                    DeadLetter.Count(dead),
                    dead.Exists(l => DeadLetter.IsWhole(l.Rejected))
                ) with
                {
                    Dismissed = DeadLetter.CountDismissed(dead),
                    Name = r.Name,
                    Day = r.Day,
                    Shape = r.Shape,
                    RecognisedBy = r.RecognisedBy,
                    Source = r.Source,
                    RetrievedAt = r.RetrievedAt,
                    TraceId = r.TraceId,
                    ParsedAt = r.ParsedAt,
                    ParserVersion = r.ParserVersion,
                    SettledAt = r.SettledAt,
                };
            }),
        ];
    }

    private IAsyncEnumerable<LedgerRecord> LedgerAsync(JsonObject query, CancellationToken cancellationToken) =>
        VersionedLedgerAsync(query, cancellationToken).Select(found => found.Record);

    private IAsyncEnumerable<(LedgerRecord Record, DocumentVersion Version)> VersionedLedgerAsync(
        JsonObject query,
        CancellationToken cancellationToken
    ) =>
        search.PagesAsync(
            names.Ledger,
            query,
            "digest",
            ["*"],
            hit => (PaperJson.ReadLedger(hit.GetProperty("_source")), PaperRecord.VersionOf(hit)!.Value),
            cancellationToken
        );

    private async Task<List<DeadLetter>> LettersAsync(JsonObject query, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>();
        var found = search.PagesAsync(
            names.DeadLetters,
            query,
            "id",
            ["*"],
            hit => PaperJson.ReadDeadLetter(hit.GetProperty("_source")),
            cancellationToken
        );
        await foreach (var letter in found)
            if (letter.IsUnanswered)
                letters.Add(new(letter.Id, letter.Rejected));
        return letters;
    }

    private async Task<HashSet<string>> PresentAsync(List<DeadLetter> letters, CancellationToken cancellationToken)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        var entries = letters.Select(l => Entry(l.Rejected)).OfType<string>().Distinct(StringComparer.Ordinal);
        foreach (var some in entries.Chunk(EntriesPerSearch))
        await foreach (var (_, held) in search.EntriesAsync(some, cancellationToken))
            present.UnionWith(held);
        return present;
    }

    private async Task<Dictionary<string, int>> IndexedAsync(string[] digests, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var some in digests.Chunk(DigestsPerSearch))
        {
            var query = ElasticsearchSearch.Terms("announced", some.Select(PaperSource.AnnouncedOnce));
            var pattern = $"({string.Join('|', some.Select(Regex.Escape))})/[0-9]+";
            foreach (var (value, papers) in await search.TermsAsync(query, "announced", pattern, cancellationToken))
            {
                var digest = value[..value.LastIndexOf('/')];
                counts[digest] = counts.GetValueOrDefault(digest) + (int)papers;
            }
        }
        return counts;
    }

    // An entry that is in the index after all, or a reading that a newer one has replaced, is no dead letter any more.
    private static bool IsUnsettled(EntryRejected letter, LedgerRecord? digest, HashSet<string> present) =>
        (!DeadLetter.IsWhole(letter) || digest?.ParserVersion is null)
        && (
            !(letter.ParserVersion < digest?.ParserVersion)
            || (letter.Stage != "parse" && !(letter.Ordinal > digest.Entries))
        )
        && (Entry(letter) is not { } entry || !present.Contains(entry));

    private static bool IsNewer(EntryRejected letter, EntryRejected known)
    {
        var order = letter.ParserVersion.CompareTo(known.ParserVersion);
        if (order == 0)
            order = letter.Attempts.CompareTo(known.Attempts);
        return order > 0 || (order == 0 && string.CompareOrdinal(PaperJson.Write(letter), PaperJson.Write(known)) > 0);
    }

    private static string? Entry(EntryRejected rejected) =>
        rejected.Ordinal is { } ordinal ? Keys.OfEntry(rejected.Digest, ordinal) : null;

    private static JsonObject All() => new() { ["match_all"] = new JsonObject() };
}
