using System.Runtime.CompilerServices;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index;

/// <summary>
/// A store that is opened when it is first used, and again until that works: a worker starts also while its index is away,
/// and treats it as trouble of the sink.
/// </summary>
/// <param name="open">Opens the store for writing.</param>
/// <param name="writeConcurrency">What the store will say of itself.</param>
/// <param name="identity">What the store will probably say of itself.</param>
public sealed class DeferredStore(
    Func<CancellationToken, Task<IPaperStore>> open,
    int writeConcurrency,
    IndexIdentity identity
) : IPaperStore
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile IPaperStore? opened;

    /// <inheritdoc />
    public int WriteConcurrency => opened?.WriteConcurrency ?? writeConcurrency;

    /// <inheritdoc />
    public IndexIdentity Identity => opened?.Identity ?? identity;

    /// <summary>Opens the store, if it is not open yet.</summary>
    /// <exception cref="StoreRefusedException">It is not ours, of a newer version, or refuses us.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be opened now.</exception>
    public async Task<IPaperStore> OpenAsync(CancellationToken cancellationToken)
    {
        if (opened is { } store)
            return store;
        await turn.WaitAsync(cancellationToken);
        try
        {
            return opened ??= await open(cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    // Once the worker runs, a store that refuses us is trouble that a person ends; the messages wait for it.
    private async Task<IPaperStore> StoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(cancellationToken);
        }
        catch (StoreRefusedException refused)
        {
            throw new StoreUnavailableException(refused.Message, refused) { MayPass = true };
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        IReadOnlyList<Observation> batch,
        CancellationToken cancellationToken
    ) => await (await StoreAsync(cancellationToken)).WriteAsync(batch, cancellationToken);

    /// <inheritdoc />
    public async Task RequireWritableAsync(CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).RequireWritableAsync(cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<PaperGroup>> FindPapersAsync(string id, CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).FindPapersAsync(id, cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<PaperGroup>> FindRelatedAsync(
        IReadOnlyList<Observation> observations,
        CancellationToken cancellationToken
    ) => await (await StoreAsync(cancellationToken)).FindRelatedAsync(observations, cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<PaperGroup> FindAnnouncedAsync(
        string digest,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var paper in (await StoreAsync(cancellationToken)).FindAnnouncedAsync(digest, cancellationToken))
            yield return paper;
    }

    /// <inheritdoc />
    public async Task<SearchAnswer> SearchAsync(string query, int limit, CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).SearchAsync(query, limit, cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<PaperGroup>> FindAlikeAsync(
        string title,
        string? text,
        int limit,
        CancellationToken cancellationToken
    ) => await (await StoreAsync(cancellationToken)).FindAlikeAsync(title, text, limit, cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<LostKey>> FindLostKeysAsync(
        IReadOnlyList<PaperGroup> papers,
        CancellationToken cancellationToken
    ) => await (await StoreAsync(cancellationToken)).FindLostKeysAsync(papers, cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<PaperGroup> ListPapersAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var paper in (await StoreAsync(cancellationToken)).ListPapersAsync(cancellationToken))
            yield return paper;
    }

    /// <inheritdoc />
    public async Task DecideAsync(DecisionMade decision, CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).DecideAsync(decision, cancellationToken);

    /// <inheritdoc />
    public async Task<DecisionSet> DecisionsAsync(CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).DecisionsAsync(cancellationToken);

    /// <inheritdoc />
    public async Task<bool> HasDayAsync(string digest, DateOnly day, CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).HasDayAsync(digest, day, cancellationToken);

    /// <inheritdoc />
    public async Task<long> CountAsync(CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).CountAsync(cancellationToken);

    /// <inheritdoc />
    public async Task RecordAsync(DigestFetched fetched, CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).RecordAsync(fetched, cancellationToken);

    /// <inheritdoc />
    public async Task RecordAsync(DigestParsed parsed, CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).RecordAsync(parsed, cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyCollection<string>> NoteAsync(
        IReadOnlyDictionary<string, DateTimeOffset>? digests,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => await (await StoreAsync(cancellationToken)).NoteAsync(digests, now, cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<DigestStatus>> ListAsync(CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).ListAsync(cancellationToken);

    /// <inheritdoc />
    public async Task<DigestStatus?> FindAsync(string digest, CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).FindAsync(digest, cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<DigestStatus>> FindAsync(
        IReadOnlyCollection<string> digests,
        CancellationToken cancellationToken
    ) => await (await StoreAsync(cancellationToken)).FindAsync(digests, cancellationToken);

    /// <inheritdoc />
    public async Task AddAsync(EntryRejected rejected, CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).AddAsync(rejected, cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).ListDeadLettersAsync(cancellationToken);

    /// <inheritdoc />
    public async Task RecordAsync(DeadLetterRetried retried, CancellationToken cancellationToken) =>
        await (await StoreAsync(cancellationToken)).RecordAsync(retried, cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        turn.Dispose();
        if (opened is { } store)
            await store.DisposeAsync();
    }
}
