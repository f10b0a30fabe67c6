using System.Runtime.CompilerServices;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>Paper index, ledger and dead letters in Elasticsearch or OpenSearch: any number of writers and readers.</summary>
public sealed partial class ElasticsearchStore : IPaperStore
{
    private readonly ElasticsearchTransport transport;
    private readonly IndexSetup setup;
    private readonly IndexNames names;
    private readonly bool writes;
    private readonly ElasticsearchSearch search;
    private readonly PaperRecords records;
    private readonly DigestReadings readings;
    private readonly StandingRulings standing;
    private readonly PaperWriter writer;
    private readonly AccountDocuments accounts;
    private long written = 1;
    private long visible;

    private ElasticsearchStore(
        ElasticsearchTransport transport,
        IndexSetup setup,
        IndexNames names,
        ElasticsearchOptions options,
        bool writes,
        TimeProvider clock
    )
    {
        (this.transport, this.setup, this.names, this.writes) = (transport, setup, names, writes);
        search = new ElasticsearchSearch(transport, names);
        var bulk = new BulkSender(transport, options, clock);
        records = new PaperRecords(transport, bulk, names);
        readings = new DigestReadings(bulk, search, names);
        standing = new StandingRulings(transport, bulk, names);
        writer = new PaperWriter(records, readings, standing, bulk, names, setup.RestoreAsync, clock);
        accounts = new AccountDocuments(transport, bulk);
    }

    /// <summary>Connects, and makes templates, indices and aliases when it is to be written and they are missing.</summary>
    /// <param name="options">How the cluster is reached.</param>
    /// <param name="write">False for a reader; null comes back when nothing was written yet.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="StoreRefusedException">What answers is no store of ours, of a newer version, not trusted, or refuses the credentials.</exception>
    /// <exception cref="StoreUnavailableException">Nothing answers within 5 s.</exception>
    public static async Task<ElasticsearchStore?> OpenAsync(
        ElasticsearchOptions options,
        bool write,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var connection = new ElasticsearchTransport(options, clock);
        try
        {
            var prefixed = new IndexNames(options.Prefix);
            var indices = new IndexSetup(connection, prefixed, clock);
            if (await indices.OpenAsync(write, cancellationToken))
                return new ElasticsearchStore(connection, indices, prefixed, options, write, clock);
            connection.Dispose();
            return null;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public int WriteConcurrency => RequestLimit.Greatest;

    /// <inheritdoc />
    public IndexIdentity Identity => transport.Identity;

    /// <inheritdoc />
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        IReadOnlyList<Observation> batch,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<WriteOutcome> outcomes = [];
        if (batch.Count > 0)
            await WritingAsync(
                async token => outcomes = await writer.WriteAsync(batch, [], [], token),
                cancellationToken
            );
        return outcomes;
    }

    /// <inheritdoc />
    public async Task RequireWritableAsync(CancellationToken cancellationToken)
    {
        foreach (var alias in (string[])[names.Write, names.Ledger, names.DeadLetters])
            await BulkSender.RequireWritableAsync(transport, alias, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<PaperGroup>> FindPapersAsync(string id, CancellationToken cancellationToken)
    {
        // A paper that bears the id is the answer; what else bears it as a key does not matter then.
        var read = await records.ReadAsync([id], cancellationToken);
        if (read is [{ Observations.Count: > 0 } exact])
            return [new(exact.Key, exact.Observations)];
        var (seen, found) = (new HashSet<string>(StringComparer.Ordinal) { id }, new List<PaperGroup>());
        var open = read.SelectMany(r => r.Papers).Concat(await search.HoldersAsync([id], cancellationToken));
        for (var next = open.Where(seen.Add).ToArray(); next.Length > 0; )
        {
            var led = await records.ReadAsync(next, cancellationToken);
            found.AddRange(led.Where(r => r.Observations.Count > 0).Select(r => new PaperGroup(r.Key, r.Observations)));
            next = [.. led.Where(r => r.Observations.Count == 0).SelectMany(r => r.Papers).Where(seen.Add)];
        }
        // Records also lead to what bore the id once.
        return [.. found.Where(p => Bears(p, id)).OrderBy(p => p.Id, StringComparer.Ordinal)];
    }

    private static bool Bears(PaperGroup paper, string id) =>
        paper.Keys.Contains(id, StringComparer.Ordinal) || paper.Observations.Any(o => Keys.OfEntry(o.Entry) == id);

    /// <inheritdoc />
    public async Task<IReadOnlyList<PaperGroup>> FindRelatedAsync(
        IReadOnlyList<Observation> observations,
        CancellationToken cancellationToken
    )
    {
        var holders = await search.HoldersAsync(
            [.. observations.Select(o => Keys.OfEntry(o.Entry))],
            cancellationToken
        );
        var component = await records.ComponentAsync(observations, holders, Rulings.None, cancellationToken);
        return
        [
            .. component
                .Values.Where(r => r.Observations.Count > 0)
                .Select(r => new PaperGroup(r.Key, r.Observations))
                .OrderBy(p => p.Id, StringComparer.Ordinal),
        ];
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<PaperGroup> FindAnnouncedAsync(
        string digest,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await FreshenAsync(cancellationToken);
        await foreach (var paper in search.AnnouncedAsync(digest, cancellationToken))
            yield return paper;
    }

    /// <inheritdoc />
    public async Task<SearchAnswer> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        await FreshenAsync(cancellationToken);
        return await search.FindAsync(query, limit, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<PaperGroup>> FindAlikeAsync(
        string title,
        string? text,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await FreshenAsync(cancellationToken);
        var found = await search.AlikeAsync(title, text, limit, cancellationToken);
        var papers = new List<PaperGroup>();
        foreach (var some in found.Chunk(PaperRecords.PerRequest))
            papers.AddRange(
                (await records.ReadAsync(some, cancellationToken))
                    .Where(r => r.Observations.Count > 0)
                    .Select(r => new PaperGroup(r.Key, r.Observations))
            );
        return papers;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<PaperGroup> ListPapersAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await FreshenAsync(cancellationToken);
        await foreach (var paper in search.PapersAsync(cancellationToken))
            yield return paper;
    }

    /// <inheritdoc />
    public Task DecideAsync(DecisionMade decision, CancellationToken cancellationToken) =>
        WritingAsync(
            async token =>
            {
                var decisions = await standing.AddAsync(decision, token);
                foreach (var letter in decisions.LettersOf(decision).Distinct(StringComparer.Ordinal))
                    await MarkDismissedAsync(letter, decisions, token);
                var keys = decisions.KeysOf(decision);
                var holders = await search.HoldersAsync(keys, token);
                await writer.WriteAsync([], [.. keys, .. holders], [], token);
            },
            cancellationToken
        );

    /// <inheritdoc />
    public async Task<DecisionSet> DecisionsAsync(CancellationToken cancellationToken)
    {
        await standing.RefreshAsync([], cancellationToken);
        return standing.Decisions;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LostKey>> FindLostKeysAsync(
        IReadOnlyList<PaperGroup> papers,
        CancellationToken cancellationToken
    )
    {
        var lost = new List<LostKey>();
        foreach (var some in papers.SelectMany(Borne).Chunk(PaperRecords.PerRequest))
        {
            var led = await records.PointersAsync([.. some.Select(key => key.Key)], cancellationToken);
            lost.AddRange(some.Zip(led).Where(pair => !pair.Second.Contains(pair.First.Paper)).Select(p => p.First));
        }
        return lost;

        static IEnumerable<LostKey> Borne(PaperGroup paper)
        {
            // A digest whose entry finds the paper by its id: one that has no other key than lost ones would make a second
            // paper.
            var leading = paper.Observations.MaxBy(o => Keys.Of(o).Any(key => key.Value == paper.Id))!;
            return paper
                .Keys.Where(key => key != paper.Id)
                .Select(key => new LostKey(key, paper.Id, leading.Entry.Digest));
        }
    }

    /// <inheritdoc />
    public async Task<bool> HasDayAsync(string digest, DateOnly day, CancellationToken cancellationToken)
    {
        await foreach (var paper in FindAnnouncedAsync(digest, cancellationToken))
            if (!paper.Observations.HaveDay(digest, day))
                return false;
        return true;
    }

    /// <inheritdoc />
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await FreshenAsync(cancellationToken);
        return await search.CountAsync(cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        transport.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WritingAsync(Func<CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await RestoringAsync(write, cancellationToken);
        }
        finally
        {
            Interlocked.Increment(ref written);
        }
    }

    // An index that somebody deleted is made again by who writes to it; what was asked is asked again by who asked.
    private async Task RestoringAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (StoreUnavailableException missing) when (missing.IndexIsMissing && writes)
        {
            await setup.RestoreAsync(cancellationToken);
            throw;
        }
    }

    // What this process has written is searchable before it asks. A refresh shows what was written before it began, and
    // only once it has ended.
    private async Task FreshenAsync(CancellationToken cancellationToken)
    {
        var shown = Interlocked.Read(ref written);
        var known = Interlocked.Read(ref visible);
        if (known >= shown)
            return;
        await search.RefreshAsync(cancellationToken);
        while (known < shown)
        {
            var before = Interlocked.CompareExchange(ref visible, shown, known);
            if (before == known)
                return;
            known = before;
        }
    }
}
