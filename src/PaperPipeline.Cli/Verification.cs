using System.Text.Json.Nodes;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>Something that is not as it must be.</summary>
/// <param name="Kind"><c>missing</c>, <c>doubled</c>, <c>damaged</c> or <c>left over</c>.</param>
/// <param name="Digest">The digest it is about; null where it is about a decision.</param>
/// <param name="What">What it is, for a person.</param>
/// <param name="IsMendable">True when a replay of the digest may mend it.</param>
internal sealed record Finding(string Kind, string? Digest, string What, bool IsMendable)
{
    /// <summary>As a line.</summary>
    public string Line() => $"{Kind, -9}  {(Digest is null ? "" : Digest[..Math.Min(12, Digest.Length)]), -12}  {What}";

    /// <summary>As JSON, in one line.</summary>
    public string Json() =>
        new JsonObject
        {
            ["kind"] = Kind,
            ["digest"] = Digest,
            ["what"] = What,
            ["mendable"] = IsMendable,
        }.ToJsonString(PaperJson.Options());
}

/// <summary>Archive, ledger and index compared.</summary>
internal sealed class Verification
{
    private const int PapersAtOnce = 100;

    private readonly Dictionary<string, HashSet<int>> entries = new(StringComparer.Ordinal);

    /// <summary>What is wrong.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>Number of archived digests.</summary>
    public int Digests { get; private set; }

    /// <summary>Number of papers in the index.</summary>
    public int Papers { get; private set; }

    /// <summary>Compares them.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="store">The index with its ledger; null when nothing was written to it yet.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<Verification> RunAsync(
        DigestArchive archive,
        IPaperStore? store,
        CancellationToken cancellationToken
    )
    {
        var found = new Verification();
        var ledger = store is null
            ? []
            : (await store.ListAsync(cancellationToken)).ToDictionary(s => s.Digest, StringComparer.Ordinal);
        var dead = store is null ? [] : await store.ListDeadLettersAsync(cancellationToken);
        if (store is not null)
            await found.ReadIndexAsync(store, cancellationToken);
        var archived = archive.Digests().Order(StringComparer.Ordinal).ToList();
        found.Digests = archived.Count;
        foreach (var digest in archived)
            await found.LookAsync(digest, archive, ledger.GetValueOrDefault(digest), cancellationToken);
        // An address that was never fetched is in the ledger alone.
        foreach (var status in ledger.Values.Where(s => s.ParserVersion is not null))
            if (archive.Find(status.Digest) is null && !archive.HasDamagedRecord(status.Digest))
                found.Add(
                    "missing",
                    status.Digest,
                    $"the archive does not know {status.Name}: ingest it once more",
                    mendable: false
                );
        found.LookAtEntries(archived, ledger, dead);
        found.LookAtDecisions(
            archive,
            store is null ? DecisionSet.None : await store.DecisionsAsync(cancellationToken)
        );
        return found;
    }

    private async Task ReadIndexAsync(IPaperStore store, CancellationToken cancellationToken)
    {
        var decisions = await store.DecisionsAsync(cancellationToken);
        var some = new List<PaperGroup>();
        await foreach (var paper in store.ListPapersAsync(cancellationToken))
        {
            Papers++;
            some.Add(paper);
            if (paper.Observations.Count > 1 && Resolution.Resolve(paper.Observations).Count is > 1 and var several)
                Add(
                    "left over",
                    paper.Observations[0].Entry.Digest,
                    $"{paper.Id} is {several} papers by today's rules, and was written by older ones"
                );
            if (some.Count == PapersAtOnce)
                await LookAtKeysAsync(store, some, cancellationToken);
            foreach (var observation in paper.Observations)
            {
                var entry = observation.Entry;
                if (!entries.TryGetValue(entry.Digest, out var ordinals))
                    entries[entry.Digest] = ordinals = [];
                if (!ordinals.Add(entry.Ordinal))
                    Add("doubled", entry.Digest, $"entry {entry.Ordinal} is in several papers, {paper.Id} is one");
                if (!decisions.AreAppliedTo(observation))
                    Add("missing", entry.Digest, $"a decision does not hold for entry {entry.Ordinal} of {paper.Id}");
            }
        }
        await LookAtKeysAsync(store, some, cancellationToken);
    }

    private async Task LookAtKeysAsync(IPaperStore store, List<PaperGroup> papers, CancellationToken cancellationToken)
    {
        foreach (var lost in await store.FindLostKeysAsync(papers, cancellationToken))
            Add("missing", lost.Digest, $"{lost.Key} does not lead to {lost.Paper}, which bears it");
        papers.Clear();
    }

    private async Task LookAsync(
        string digest,
        DigestArchive archive,
        DigestStatus? status,
        CancellationToken cancellationToken
    )
    {
        var name = archive.Find(digest)?.First.Name ?? status?.Name;
        if (archive.HasDamagedRecord(digest))
            Add(
                "damaged",
                digest,
                $"a retrieval record of {name ?? "it"} cannot be read: ingest it once more",
                mendable: false
            );
        if (archive.Holds(digest) && !await archive.IsSoundAsync(digest, cancellationToken))
            Add(
                "damaged",
                digest,
                $"the archived bytes of {name} are not what they were: ingest it once more",
                mendable: false
            );
        else if (!archive.Holds(digest) && !(archive.IsDeleted(digest) && status is { IsSettled: true }))
            Add("missing", digest, $"the archive has lost the bytes of {name}: ingest it once more", mendable: false);
        if (status is null)
            Add("missing", digest, $"the ledger does not know {name}");
        else if (!status.IsSettled)
            Add(
                "missing",
                digest,
                $"{name} is not settled: {status.State}, {status.Indexed} indexed and {status.Dead} dead of {status.Expected?.ToString(null, null) ?? "unknown"}"
            );
    }

    // A digest whose entries are as many as it has may still lack some of them.
    private void LookAtEntries(
        List<string> archived,
        Dictionary<string, DigestStatus> ledger,
        IReadOnlyList<DeadLetter> dead
    )
    {
        var letters = dead.Select(l => l.Rejected)
            .Where(r => r.Ordinal is not null)
            .Select(r => (r.Digest, r.Ordinal!.Value))
            .ToHashSet();
        foreach (var status in ledger.Values.Where(s => s.ParserVersion is not null))
        {
            var present = entries.GetValueOrDefault(status.Digest) ?? [];
            var missing = Enumerable
                .Range(1, status.Papers)
                .Where(n => !present.Contains(n) && !letters.Contains((status.Digest, n)))
                .ToList();
            if (missing.Count > 0)
                Add("missing", status.Digest, $"{Entries(missing)} of {status.Name} in the index");
            var over = present.Where(n => n > status.Papers).Order().ToList();
            if (over.Count > 0)
                Add("left over", status.Digest, $"{Entries(over)} that {status.Name} does not have");
        }
        foreach (var digest in entries.Keys.Except(ledger.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            if (!archived.Contains(digest, StringComparer.Ordinal))
                Add("left over", digest, "its papers are in the index, but neither ledger nor archive know it", false);
    }

    private void LookAtDecisions(DigestArchive archive, DecisionSet known)
    {
        var archived = archive.Decisions().ToList();
        foreach (var made in archived.Where(d => !known.Has(d.Id)))
            Findings.Add(new("missing", null, $"decision {made.Id[..12]} is not in the index", IsMendable: false));
        foreach (var made in known.All.ExceptBy(archived.Select(d => d.Id), d => d.Id, StringComparer.Ordinal))
            Findings.Add(new("left over", null, $"decision {made.Id[..12]} is not in the archive", IsMendable: false));
    }

    private static string Entries(List<int> ordinals) =>
        ordinals.Count == 1
            ? $"entry {ordinals[0]}"
            : $"entries {string.Join(", ", ordinals.Take(10))}{(ordinals.Count > 10 ? $" and {ordinals.Count - 10} more" : "")}";

    private void Add(string kind, string digest, string what, bool mendable = true) =>
        Findings.Add(new(kind, digest, what, mendable));
}
