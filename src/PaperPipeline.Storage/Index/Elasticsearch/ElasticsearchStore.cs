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
        writer = new PaperWriter(
            records,
            new DigestReadings(bulk, search, names),
            bulk,
            names,
            setup.RestoreAsync,
            clock
        );
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
            await WritingAsync(async token => outcomes = await writer.WriteAsync(batch, token), cancellationToken);
        return outcomes;
    }

    /// <inheritdoc />
    public async Task<PaperDocument?> FindPaperAsync(string id, CancellationToken cancellationToken)
    {
        var (seen, found) = (new HashSet<string>(StringComparer.Ordinal) { id }, new List<PaperRecord>());
        for (string[] open = [id]; open.Length > 0 && found.Count < 2; )
        {
            var read = await records.ReadAsync(open, cancellationToken);
            found.AddRange(read.Where(r => r.Observations.Count > 0));
            // A paper that bears the id is the answer; what else bears it as a key does not matter then.
            if (found.Count > 0 && open is [var only] && only == id)
                break;
            open = [.. read.Where(r => r.Observations.Count == 0).SelectMany(r => r.Papers).Where(seen.Add)];
        }
        return found is [var one] ? Projection.Project(new PaperGroup(one.Key, one.Observations)) : null;
    }

    /// <inheritdoc />
    public async Task<SearchAnswer> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        await FreshenAsync(cancellationToken);
        return await search.FindAsync(query, limit, cancellationToken);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<PaperDocument> ExportAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await FreshenAsync(cancellationToken);
        var papers = search.PapersAsync(
            ["id", "observations"],
            hit => new PaperGroup(
                ElasticsearchSearch.IdOf(hit),
                PaperJson.ReadObservations(hit.GetProperty("_source").GetProperty("observations"))
            ),
            cancellationToken
        );
        await foreach (var paper in papers)
            yield return Projection.Project(paper);
    }

    /// <inheritdoc />
    public async Task<bool> HasDayAsync(string digest, DateOnly day, CancellationToken cancellationToken)
    {
        await FreshenAsync(cancellationToken);
        var papers = search.PagesAsync(
            names.Read,
            ElasticsearchSearch.Terms("announced", [PaperSource.AnnouncedOnce(digest)]),
            "id",
            ["observations"],
            hit => PaperJson.ReadObservations(hit.GetProperty("_source").GetProperty("observations")),
            cancellationToken
        );
        await foreach (var observations in papers)
            if (!observations.HaveDay(digest, day))
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
