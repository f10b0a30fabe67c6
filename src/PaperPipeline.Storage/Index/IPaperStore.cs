using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Similarity;

namespace PaperPipeline.Storage.Index;

/// <summary>The paper index: one port, several adapters, one conformance suite.</summary>
public interface IPaperIndex
{
    /// <summary>How many writes may usefully be under way at once, from 1.</summary>
    int WriteConcurrency { get; }

    /// <summary>What keeps it, as spans name it.</summary>
    IndexIdentity Identity { get; }

    /// <summary>
    /// Adds observations and brings the documents up to date; durable on return. Gives each observation's outcome, in
    /// order. Writing the same again changes nothing.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store does not take writes now; the batch is to be written again.</exception>
    Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<Observation> batch, CancellationToken cancellationToken);

    /// <summary>Sees whether writes are taken now, and changes nothing.</summary>
    /// <exception cref="StoreUnavailableException">They are not; the message says why and what to do.</exception>
    Task RequireWritableAsync(CancellationToken cancellationToken);

    /// <summary>The paper with this id; else all papers that bear it as a key or bore it before, by id.</summary>
    Task<IReadOnlyList<PaperGroup>> FindPapersAsync(string id, CancellationToken cancellationToken);

    /// <summary>The papers that share a key with the observations, directly or through others, or hold one of their entries.</summary>
    Task<IReadOnlyList<PaperGroup>> FindRelatedAsync(
        IReadOnlyList<Observation> observations,
        CancellationToken cancellationToken
    );

    /// <summary>The papers that a digest names, by id.</summary>
    IAsyncEnumerable<PaperGroup> FindAnnouncedAsync(string digest, CancellationToken cancellationToken);

    /// <summary>Finds papers for words; whatever is typed is text, but a pair of double quotes makes a phrase.</summary>
    Task<SearchAnswer> SearchAsync(string query, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Papers that have much of a title or of an abstract, those first that have most; none where neither has enough words
    /// to go by.
    /// </summary>
    Task<IReadOnlyList<PaperGroup>> FindAlikeAsync(
        string title,
        string? text,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>All papers, ordered by id (ordinal), as of one moment.</summary>
    IAsyncEnumerable<PaperGroup> ListPapersAsync(CancellationToken cancellationToken);

    /// <summary>Takes a decision and brings the documents up to date. Taking it again changes nothing.</summary>
    /// <exception cref="StoreUnavailableException">The store does not take writes now; it is to be taken again.</exception>
    Task DecideAsync(DecisionMade decision, CancellationToken cancellationToken);

    /// <summary>The decisions that were taken.</summary>
    Task<DecisionSet> DecisionsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The keys of papers that do not lead to them: an announcement that bears one would make another paper. Empty where
    /// papers and keys are written as one.
    /// </summary>
    Task<IReadOnlyList<LostKey>> FindLostKeysAsync(
        IReadOnlyList<PaperGroup> papers,
        CancellationToken cancellationToken
    );

    /// <summary>True when every entry of a digest that is in the index bears this day; also when there is none.</summary>
    Task<bool> HasDayAsync(string digest, DateOnly day, CancellationToken cancellationToken);

    /// <summary>Number of documents.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);
}

/// <summary>Questions that follow from those of the port.</summary>
public static class PaperQuestions
{
    /// <summary>The paper with this id, or the one paper that bears or bore it; null when there is none.</summary>
    public static async Task<PaperDocument?> FindPaperAsync(
        this IPaperIndex index,
        string id,
        CancellationToken cancellationToken
    ) => await index.FindPapersAsync(id, cancellationToken) is [var one] ? Projection.Project(one) : null;

    /// <summary>
    /// The papers that a person means: by id, by an identifier in any form, or by the whole title; several where several
    /// bear it.
    /// </summary>
    public static async Task<IReadOnlyList<PaperGroup>> FindByTextAsync(
        this IPaperIndex index,
        string text,
        CancellationToken cancellationToken
    ) =>
        await index.FindPapersAsync(text, cancellationToken) is { Count: > 0 } found ? found
        : Keys.OfText(text) is { } key ? await index.FindPapersAsync(key, cancellationToken)
        : [];

    /// <summary>Papers that may be the same work under another title or with a revised abstract, most similar first.</summary>
    public static async Task<IReadOnlyList<SimilarPaper>> FindSimilarAsync(
        this IPaperIndex index,
        PaperDocument paper,
        int limit,
        CancellationToken cancellationToken
    )
    {
        // Of those that are alike by chance many are looked at, so that the few that are similar are among them.
        var most = Math.Max(Candidates, 2 * limit);
        var alike = await index.FindAlikeAsync(paper.Title, paper.Abstract, most, cancellationToken);
        return SimilarPapers.Rank(paper, alike.Select(Projection.Project), limit);
    }

    private const int Candidates = 200;

    /// <summary>All documents, ordered by id (ordinal), as of one moment.</summary>
    public static async IAsyncEnumerable<PaperDocument> ExportAsync(
        this IPaperIndex index,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var paper in index.ListPapersAsync(cancellationToken))
            yield return Projection.Project(paper);
    }
}

/// <summary>All that one adapter keeps: papers, ledger and dead letters.</summary>
public interface IPaperStore : IPaperIndex, ILedger, IDeadLetters, IAsyncDisposable;

/// <summary>What became of each digest. Counts are counted when asked for.</summary>
public interface ILedger
{
    /// <summary>A digest was archived.</summary>
    Task RecordAsync(DigestFetched fetched, CancellationToken cancellationToken);

    /// <summary>A digest was read to its end. Entries of older readings that a newer one no longer has are taken out of the index.</summary>
    Task RecordAsync(DigestParsed parsed, CancellationToken cancellationToken);

    /// <summary>
    /// Notes what became of digests now, where charts find it, and when they were settled first; what is counted when asked
    /// stays what counts. Gives those that somebody wrote to meanwhile: they are to be noted again.
    /// </summary>
    /// <param name="digests">The digests, and when each was written to last; null for all that are not noted as settled.</param>
    /// <param name="now">The time, which stands for the last write where nobody knows that.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="StoreUnavailableException">The store does not take writes now.</exception>
    Task<IReadOnlyCollection<string>> NoteAsync(
        IReadOnlyDictionary<string, DateTimeOffset>? digests,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>All digests, by retrieval time.</summary>
    Task<IReadOnlyList<DigestStatus>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One digest; null when unknown.</summary>
    Task<DigestStatus?> FindAsync(string digest, CancellationToken cancellationToken);

    /// <summary>Those of the digests that are known, in no particular order.</summary>
    Task<IReadOnlyList<DigestStatus>> FindAsync(
        IReadOnlyCollection<string> digests,
        CancellationToken cancellationToken
    );
}

/// <summary>The one list of what finally failed.</summary>
public interface IDeadLetters
{
    /// <summary>Adds a letter. Of the same letter the newest reading with the most attempts stays.</summary>
    Task AddAsync(EntryRejected rejected, CancellationToken cancellationToken);

    /// <summary>The letters that are not settled, by digest and place; those that are dismissed say so.</summary>
    Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(CancellationToken cancellationToken);

    /// <summary>
    /// A letter was given back to its stage: it is off the list until it fails with more attempts or for a newer parser.
    /// Of several such marks the greatest counts; one for a letter that is not there does nothing.
    /// </summary>
    Task RecordAsync(DeadLetterRetried retried, CancellationToken cancellationToken);
}

/// <summary>A key that does not lead to a paper which bears it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Paper">The id of the paper.</param>
/// <param name="Digest">A digest that names the paper by this key.</param>
public sealed record LostKey(string Key, string Paper, string Digest);

/// <summary>How one observation fared.</summary>
/// <param name="PaperId">The document's id; null when the index refused it, or when a newer reading has no such entry.</param>
/// <param name="Refusal">Why it was refused, in one sentence for a person; null when it was written.</param>
public sealed record WriteOutcome(string? PaperId, string? Refusal);

/// <summary>A hit of a search.</summary>
public sealed record SearchHit(string Id, string Title, double Score);

/// <summary>The answer to a query: the number of papers found, and the best of them.</summary>
public sealed record SearchAnswer(string Query, int Total, IReadOnlyList<SearchHit> Hits);

/// <summary>A dead letter: its id and what failed.</summary>
public sealed record DeadLetter(string Id, EntryRejected Rejected)
{
    /// <summary>The decision by which it is dismissed; null where somebody is to see to it.</summary>
    public string? Dismissed { get; init; }

    /// <summary>The id of a letter: the same digest, stage and place are the same letter.</summary>
    public static string IdOf(EntryRejected rejected) =>
        Convert.ToHexStringLower(
            SHA256
                .HashData(
                    Encoding.UTF8.GetBytes(
                        $"{rejected.Digest}\n{rejected.Stage}\n{rejected.Ordinal}\n{rejected.Position}"
                    )
                )
                .AsSpan(0, 8)
        );

    /// <summary>How many failures letters are: an entry that failed in two stages is one.</summary>
    internal static int Count(IEnumerable<DeadLetter> letters) => Failures(letters).Count();

    /// <summary>How many of the failures are dismissed, with each letter of theirs.</summary>
    internal static int CountDismissed(IEnumerable<DeadLetter> letters) =>
        Failures(letters).Count(failure => failure.All(letter => letter.Dismissed is not null));

    private static IEnumerable<IGrouping<(string Digest, string), DeadLetter>> Failures(
        IEnumerable<DeadLetter> letters
    ) => letters.GroupBy(l => (l.Rejected.Digest, l.Rejected.Ordinal is { } n ? $"entry {n}" : l.Id));

    /// <summary>True where the digest as a whole failed, not a place in it.</summary>
    internal static bool IsWhole(EntryRejected rejected) => rejected.Ordinal is null && rejected.Position is null;
}

/// <summary>The account of one digest.</summary>
public sealed record DigestStatus
{
    /// <summary>The digest.</summary>
    public required string Digest { get; init; }

    /// <summary>File name or address.</summary>
    public string? Name { get; init; }

    /// <summary>Its day.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>The shape that was recognised.</summary>
    public string? Shape { get; init; }

    /// <summary>What it was recognised by.</summary>
    public string? RecognisedBy { get; init; }

    /// <summary>The source of its entries.</summary>
    public string? Source { get; init; }

    /// <summary><c>fetched</c>, <c>indexing</c>, <c>complete</c>, <c>partial</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Entries and reported places together; absent until the digest was read.</summary>
    public int? Expected { get; init; }

    /// <summary>Entries (papers) of the digest; 0 until it was read.</summary>
    public required int Papers { get; init; }

    /// <summary>Entries present in the index.</summary>
    public required int Indexed { get; init; }

    /// <summary>Dead letters whose entry is not in the index.</summary>
    public required int Dead { get; init; }

    /// <summary>Those of <see cref="Dead"/> that are dismissed.</summary>
    public int Dismissed { get; init; }

    /// <summary>Those of <see cref="Dead"/> that somebody is to see to.</summary>
    [JsonIgnore]
    public int Open => Dead - Dismissed;

    /// <summary>When it was retrieved (UTC).</summary>
    public DateTimeOffset? RetrievedAt { get; init; }

    /// <summary>Trace id of the retrieval.</summary>
    public string? TraceId { get; init; }

    /// <summary>When it was read (UTC).</summary>
    public DateTimeOffset? ParsedAt { get; init; }

    /// <summary>Version of the parser that read it.</summary>
    public int? ParserVersion { get; init; }

    /// <summary>
    /// When the last was written that settled it for the first time (UTC), which is noted a moment later. Whatever is said of
    /// it afterwards leaves it as it is.
    /// </summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>The account that follows from the counts.</summary>
    /// <param name="digest">The digest.</param>
    /// <param name="entries">Its entries, where it was read.</param>
    /// <param name="reported">Its reported places, where it was read.</param>
    /// <param name="indexed">Its entries that are in the index.</param>
    /// <param name="dead">Its dead letters whose entry is not.</param>
    /// <param name="failed">True when the digest as a whole is a dead letter.</param>
    internal static DigestStatus Of(string digest, int? entries, int? reported, int indexed, int dead, bool failed)
    {
        var expected = entries + (reported ?? 0);
        return new DigestStatus
        {
            Digest = digest,
            Papers = entries ?? 0,
            Expected = expected,
            Indexed = indexed,
            Dead = dead,
            State =
                expected is null ? (failed ? "failed" : "fetched")
                : indexed + dead != expected ? "indexing"
                : dead == 0 ? "complete"
                : "partial",
        };
    }

    /// <summary>True when nothing of it is under way.</summary>
    [JsonIgnore]
    public bool IsSettled => IsEnd(State);

    /// <summary>True for the states in which nothing is under way.</summary>
    internal static bool IsEnd(string? state) => state is "complete" or "partial" or "failed";
}
