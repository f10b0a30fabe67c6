using PaperPipeline.Contracts;
using PaperPipeline.Enricher;
using PaperPipeline.Fetcher;
using PaperPipeline.Parser;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>What became of a replay.</summary>
/// <param name="Replayed">How many were given to the stages.</param>
/// <param name="What">What they are.</param>
/// <param name="Digests">What the ledger says of the digests now.</param>
/// <param name="Stuck">Why not everything was done; null when it was.</param>
internal sealed record ReplayOutcome(int Replayed, string What, IReadOnlyList<DigestStatus> Digests, string? Stuck);

/// <summary>
/// Gives archived digests to the stages once more, as a guest: in one process a few at a time; with a broker this process
/// reads them itself, and gives a few chunks whenever nothing waits before any stage.
/// </summary>
internal sealed class ReplayRun(IStages stages, LedgerFollower follower, ProgressReport progress)
{
    private const int DigestsAtOnce = 2;
    private const int ChunksAtOnce = 4;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan IdlePoll = TimeSpan.FromMilliseconds(250);

    private readonly List<object> waiting = [];
    private int done;
    private int total;

    /// <summary>Replays the digests and waits until each is settled.</summary>
    public async Task<ReplayOutcome> RunAsync(
        IReadOnlyList<DigestFetched> digests,
        ReplayJournal? journal,
        CancellationToken cancellationToken
    )
    {
        using (journal)
        {
            total = digests.Count;
            var left = await LeftAsync(digests, journal, cancellationToken);
            var stuck =
                await DecideAsync(cancellationToken)
                ?? await (
                    stages.KeepsMessages
                        ? GiveAsync(left, journal, cancellationToken)
                        : AnnounceAsync(left, journal, cancellationToken)
                );
            if (stuck is null)
                journal?.Complete();
            return await OutcomeAsync(left.Count, "digest", digests, stuck, cancellationToken);
        }
    }

    /// <summary>Enriches the papers again that older enrichers have seen.</summary>
    /// <param name="digests">The digests whose entries they are.</param>
    /// <param name="reader">The index, read beside what the stages write.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<ReplayOutcome> EnrichAsync(
        IReadOnlyList<DigestFetched> digests,
        IPaperStore? reader,
        CancellationToken cancellationToken
    )
    {
        total = digests.Count;
        var (given, stuck, touched) = (0, (string?)null, new List<DigestFetched>());
        foreach (var digest in reader is null ? [] : digests)
        {
            var old = new List<Entry>();
            await foreach (var paper in reader!.FindAnnouncedAsync(digest.Digest, cancellationToken))
                old.AddRange(
                    paper
                        .Observations.Where(o =>
                            o.Entry.Digest == digest.Digest && o.Enrichment.Version < EntryEnricher.Version
                        )
                        .Select(o => o.Entry)
                );
            if (old.Count > 0)
            {
                touched.Add(digest);
                if (follower.Name(digest.Digest))
                    stages.Enter(digest.Digest);
            }
            foreach (var chunk in old.OrderBy(e => e.Ordinal).Chunk(ChunkSize))
                stuck ??= await GiveAsync(
                    new PapersParsed { Digest = digest.Digest, Entries = chunk },
                    cancellationToken
                );
            given += old.Count;
            if (stuck is not null)
                break;
            if (old.Count > 0)
                follower.Follow(digest.Digest, null);
            done++;
        }
        stuck ??= await FlushAsync(cancellationToken) ?? await SettleAsync(cancellationToken);
        return await OutcomeAsync(given, "paper", touched, stuck, cancellationToken);
    }

    // As the parser has it.
    private const int ChunkSize = 50;

    private async Task<IReadOnlyList<DigestFetched>> LeftAsync(
        IReadOnlyList<DigestFetched> digests,
        ReplayJournal? journal,
        CancellationToken cancellationToken
    )
    {
        var recorded = digests.Where(d => journal?.Done.Contains(d.Digest) is true).Select(d => d.Digest).ToList();
        if (recorded.Count == 0)
            return digests;
        // An index that was deleted meanwhile needs them again.
        var settled = (await stages.FindAsync(recorded, cancellationToken))
            .Where(s => s.IsSettled)
            .Select(s => s.Digest)
            .ToHashSet(StringComparer.Ordinal);
        await Console.Error.WriteLineAsync(
            $"Goes on with a replay that was stopped: {settled.Count} of {digests.Count} digests are done (--again begins anew)."
        );
        done = settled.Count;
        return [.. digests.Where(d => !settled.Contains(d.Digest))];
    }

    private async Task<string?> DecideAsync(CancellationToken cancellationToken)
    {
        var archived = stages.Archive.Decisions().ToList();
        if (archived.Count == 0)
            return null;
        var known = DecisionSet.None;
        var stuck = await follower.DoAsync(
            async token => known = await stages.AskAsync(s => s.DecisionsAsync(token), DecisionSet.None, token),
            cancellationToken
        );
        foreach (var made in archived.Where(d => !known.Has(d.Id)))
            if (stuck is null)
                stuck = await follower.DoAsync(
                    token => stages.PublishAsync(made, attempts: 0, token),
                    cancellationToken
                );
        return stuck
            ?? await follower.DoAsync(
                async token =>
                {
                    while (archived.Exists(d => !known.Has(d.Id)))
                    {
                        await Task.Delay(Poll, TimeProvider.System, token);
                        known = await stages.AskAsync(s => s.DecisionsAsync(token), DecisionSet.None, token);
                    }
                },
                cancellationToken
            );
    }

    // In one process: the parser reads, and what is settled is written down.
    private async Task<string?> AnnounceAsync(
        IReadOnlyList<DigestFetched> digests,
        ReplayJournal? journal,
        CancellationToken cancellationToken
    )
    {
        var open = new List<string>();
        foreach (var digest in digests)
        {
            var stuck =
                await follower.WaitAsync(DigestsAtOnce - 1, cancellationToken)
                ?? await follower.DoAsync(token => stages.PublishAsync(digest, attempts: 0, token), cancellationToken);
            if (stuck is not null)
                return stuck;
            follower.Name(digest.Digest);
            follower.Follow(digest.Digest, null);
            open.Add(digest.Digest);
            Note();
        }
        var last = await follower.WaitAsync(0, cancellationToken);
        Note();
        return last;

        void Note()
        {
            foreach (var settled in open.Where(d => !follower.Follows(d)).ToList())
            {
                open.Remove(settled);
                journal?.Add(settled);
            }
        }
    }

    // With a broker: what it has confirmed is not lost, and what it has not is given again.
    private async Task<string?> GiveAsync(
        IReadOnlyList<DigestFetched> digests,
        ReplayJournal? journal,
        CancellationToken cancellationToken
    )
    {
        var reader = new DigestReader(stages.Archive, new DigestParser(), TimeProvider.System);
        foreach (var digest in digests)
        {
            foreach (var message in Messages(reader, digest))
                if (await GiveAsync(message, cancellationToken) is { } stopped)
                    return stopped;
            if (await FlushAsync(cancellationToken) is { } stuck)
                return stuck;
            journal?.Add(digest.Digest);
            follower.Name(digest.Digest);
            follower.Follow(digest.Digest, null);
            progress(++done, total, stages.Trouble?.Reason);
        }
        return await SettleAsync(cancellationToken);
    }

    private static IEnumerable<object> Messages(DigestReader reader, DigestFetched digest)
    {
        using var messages = reader.Read(digest).GetEnumerator();
        while (true)
        {
            var readable = true;
            try
            {
                if (!messages.MoveNext())
                    yield break;
            }
            catch (Exception failure) when (reader.Rejected(digest, failure) is not null)
            {
                readable = false;
            }
            // What cannot be read is the parser's: it says why.
            yield return readable ? messages.Current : digest;
            if (!readable)
                yield break;
        }
    }

    private async Task<string?> GiveAsync(object message, CancellationToken cancellationToken)
    {
        waiting.Add(message);
        return waiting.Count < ChunksAtOnce ? null : await FlushAsync(cancellationToken);
    }

    private async Task<string?> FlushAsync(CancellationToken cancellationToken)
    {
        if (waiting.Count == 0)
            return null;
        var stuck = await IdleAsync(cancellationToken);
        foreach (var message in waiting)
            stuck ??= await follower.DoAsync(token => PublishAsync(message, token), cancellationToken);
        waiting.Clear();
        return stuck;
    }

    private Task PublishAsync(object message, CancellationToken cancellationToken) =>
        message switch
        {
            PapersParsed chunk => stages.PublishAsync(chunk, attempts: 0, cancellationToken),
            EntryRejected letter => stages.PublishAsync(letter, attempts: 0, cancellationToken),
            // The ledger may not know it any more.
            DigestParsed parsed => stages.PublishAsync(
                parsed with
                {
                    Fetched = DigestFetcher.Announce(stages.Archive.Find(parsed.Digest)!),
                },
                attempts: 0,
                cancellationToken
            ),
            DigestFetched fetched => stages.PublishAsync(fetched, attempts: 0, cancellationToken),
            _ => throw new ArgumentException(message.GetType().Name, nameof(message)),
        };

    // The live flow goes first, for as long as it moves.
    private Task<string?> IdleAsync(CancellationToken cancellationToken) =>
        follower.DoAsync(
            async token =>
            {
                while (!await stages.IsIdleAsync(token))
                {
                    progress(done, total, stages.Trouble?.Reason);
                    await Task.Delay(IdlePoll, TimeProvider.System, token);
                }
            },
            cancellationToken
        );

    private async Task<string?> SettleAsync(CancellationToken cancellationToken) =>
        await IdleAsync(cancellationToken) ?? await follower.WaitAsync(0, cancellationToken);

    private async Task<ReplayOutcome> OutcomeAsync(
        int replayed,
        string what,
        IReadOnlyList<DigestFetched> digests,
        string? stuck,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<DigestStatus> statuses = [];
        if (stuck is null && digests.Count > 0)
            stuck = await follower.DoAsync(
                async token => statuses = await stages.FindAsync([.. digests.Select(d => d.Digest)], token),
                cancellationToken
            );
        return new(replayed, what, statuses, stuck);
    }
}
