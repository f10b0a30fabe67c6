using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Similarity;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Index.Sqlite;

// Papers keep their observations; the document is projected from them when it is read, so it cannot drift.
public sealed partial class SqliteStore
{
    /// <inheritdoc />
    public int WriteConcurrency => 1;

    /// <inheritdoc />
    public IndexIdentity Identity => IndexIdentity.Sqlite;

    /// <inheritdoc />
    public Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        IReadOnlyList<Observation> batch,
        CancellationToken cancellationToken
    ) =>
        InTurnAsync<IReadOnlyList<WriteOutcome>>(
            transaction => Write(transaction, batch),
            write: true,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<PaperGroup>> FindPapersAsync(string id, CancellationToken cancellationToken) =>
        InTurnAsync<IReadOnlyList<PaperGroup>>(
            transaction =>
            {
                var found = new List<string>();
                Strings(transaction, found, "SELECT id FROM papers WHERE id=@0", id);
                if (found.Count == 0)
                    found.AddRange(Bearers(transaction, id));
                return
                [
                    .. found
                        .Order(StringComparer.Ordinal)
                        .Select(paper =>
                            Stored(transaction, paper) is { } stored ? new PaperGroup(paper, stored.Observations) : null
                        )
                        .OfType<PaperGroup>(),
                ];
            },
            write: false,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<PaperGroup>> FindRelatedAsync(
        IReadOnlyList<Observation> observations,
        CancellationToken cancellationToken
    ) =>
        InTurnAsync<IReadOnlyList<PaperGroup>>(
            transaction =>
                [
                    .. Component(transaction, observations, [], Rulings.None)
                        .Select(p => new PaperGroup(p.Key, p.Value.Observations))
                        .OrderBy(p => p.Id, StringComparer.Ordinal),
                ],
            write: false,
            cancellationToken
        );

    /// <inheritdoc />
    public IAsyncEnumerable<PaperGroup> FindAnnouncedAsync(string digest, CancellationToken cancellationToken) =>
        PapersAsync(
            "SELECT id, observations FROM papers WHERE id IN (SELECT paper FROM entries WHERE digest=@0) ORDER BY id",
            [digest],
            cancellationToken
        );

    /// <inheritdoc />
    public Task<bool> HasDayAsync(string digest, DateOnly day, CancellationToken cancellationToken) =>
        InTurnAsync(
            transaction =>
            {
                using var reader = In(
                        transaction,
                        Command(
                            "SELECT observations FROM papers WHERE id IN (SELECT paper FROM entries WHERE digest=@0)",
                            digest
                        )
                    )
                    .ExecuteReader();
                while (reader.Read())
                    if (!PaperJson.ReadObservations(reader.GetFieldValue<byte[]>(0)).HaveDay(digest, day))
                        return false;
                return true;
            },
            write: false,
            cancellationToken
        );

    /// <inheritdoc />
    public async Task<IReadOnlyList<LostKey>> FindLostKeysAsync(
        IReadOnlyList<PaperGroup> papers,
        CancellationToken cancellationToken
    )
    {
        // By a reader of its own: who asks is going through the papers, which holds this one.
        await using var reader = Open(connection.DataSource, write: false);
        return reader is null
            ? []
            : await reader.InTurnAsync<IReadOnlyList<LostKey>>(
                transaction =>
                    [
                        .. papers.SelectMany(paper =>
                            paper
                                .Observations.SelectMany(o => Keys.Of(o).Select(k => (k.Value, o.Entry.Digest)))
                                .DistinctBy(k => k.Value, StringComparer.Ordinal)
                                .Where(k => !reader.Bearers(transaction, k.Value).Contains(paper.Id))
                                .Select(k => new LostKey(k.Value, paper.Id, k.Digest))
                        ),
                    ],
                write: false,
                cancellationToken
            );
    }

    /// <inheritdoc />
    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        InTurnAsync(
            t => Convert.ToInt64(In(t, Command("SELECT count(*) FROM papers")).ExecuteScalar(), null),
            write: false,
            cancellationToken
        );

    /// <inheritdoc />
    public IAsyncEnumerable<PaperGroup> ListPapersAsync(CancellationToken cancellationToken) =>
        PapersAsync("SELECT id, observations FROM papers ORDER BY id", [], cancellationToken);

    private async IAsyncEnumerable<PaperGroup> PapersAsync(
        string sql,
        object?[] values,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await using var transaction = connection.BeginTransaction(deferred: true);
            await using var reader = InTrouble(In(transaction, Command(sql, values)).ExecuteReader);
            while (InTrouble(reader.Read))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new(reader.GetString(0), PaperJson.ReadObservations(reader.GetFieldValue<byte[]>(1)));
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private List<WriteOutcome> Write(SqliteTransaction transaction, IReadOnlyList<Observation> batch)
    {
        var rulings = RulingsFor(transaction, batch.Select(o => o.Entry.Digest));
        var ids = Write(transaction, batch, [], rulings);
        return [.. batch.Select(o => new WriteOutcome(ids.GetValueOrDefault((o.Entry.Digest, o.Entry.Ordinal)), null))];
    }

    // Writes the batch, and whatever else the rulings change of the papers that it or the seeds lead to.
    private Dictionary<(string, int), string> Write(
        SqliteTransaction transaction,
        IReadOnlyList<Observation> batch,
        IReadOnlyList<string> seeds,
        Rulings rulings
    )
    {
        var stored = Component(transaction, batch, seeds, rulings);
        var groups = Resolution.Resolve(stored.Values.SelectMany(p => p.Observations).Concat(batch), rulings);
        var ids = new Dictionary<(string, int), string>();
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var changed = new List<(PaperGroup Group, byte[] Json)>();
        foreach (var group in groups)
        {
            kept.Add(group.Id);
            foreach (var observation in group.Observations)
                ids[(observation.Entry.Digest, observation.Entry.Ordinal)] = group.Id;
            var json = PaperJson.Write(group.Observations);
            if (!stored.TryGetValue(group.Id, out var paper) || !paper.Json.AsSpan().SequenceEqual(json))
                changed.Add((group, json));
        }
        changed.RemoveAll(c =>
            stored.TryGetValue(c.Group.Id, out var paper) && TryUpdate(transaction, c.Group, c.Json, paper)
        );
        var rewritten = changed.Select(c => c.Group.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (id, paper) in stored)
            if (!kept.Contains(id) || rewritten.Contains(id))
                Delete(transaction, id, paper);
        foreach (var entry in stored.Values.SelectMany(p => p.Observations).Select(o => o.Entry))
            if (!ids.ContainsKey((entry.Digest, entry.Ordinal)))
                Run(transaction, "DELETE FROM entries WHERE digest=@0 AND ordinal=@1", entry.Digest, entry.Ordinal);
        // What was known already may have lost what leads to it.
        var given = batch.Select(o => (o.Entry.Digest, o.Entry.Ordinal)).ToHashSet();
        foreach (var group in groups.Where(g => !rewritten.Contains(g.Id)))
            Lead(transaction, group, group.Observations.Where(o => given.Contains((o.Entry.Digest, o.Entry.Ordinal))));
        // Rewritten papers take their rows back before new ones are numbered.
        foreach (var (group, json) in changed.OrderByDescending(c => stored.ContainsKey(c.Group.Id)))
            Insert(transaction, group, json, stored.TryGetValue(group.Id, out var paper) ? paper.Row : null);
        return ids;
    }

    private sealed record StoredPaper(long Row, byte[] Json, IReadOnlyList<Observation> Observations);

    // Everything that shares a key with the batch, directly or through others, holds one of its entries, or is a seed.
    private Dictionary<string, StoredPaper> Component(
        SqliteTransaction transaction,
        IReadOnlyList<Observation> batch,
        IReadOnlyList<string> seeds,
        Rulings rulings
    )
    {
        var papers = new Dictionary<string, StoredPaper>(StringComparer.Ordinal);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<Observation>(rulings.BeforeAndAfter(batch));
        var found = seeds.ToList();
        do
        {
            foreach (var id in found)
            {
                if (papers.ContainsKey(id) || Stored(transaction, id) is not { } paper)
                    continue;
                papers[id] = paper;
                foreach (var other in rulings.BeforeAndAfter(paper.Observations))
                    open.Enqueue(other);
            }
            found.Clear();
            if (!open.TryDequeue(out var observation))
                break;
            var entry = observation.Entry;
            Strings(
                transaction,
                found,
                "SELECT paper FROM entries WHERE digest=@0 AND ordinal=@1",
                entry.Digest,
                entry.Ordinal
            );
            foreach (var key in Keys.Of(observation))
                if (asked.Add(key.Value))
                    Strings(transaction, found, Bear, key.Value);
        } while (true);
        return papers;
    }

    private const string Bear = "SELECT id FROM papers WHERE id=@0 UNION ALL SELECT paper FROM keys WHERE key=@0";

    // The papers that bear a key, or hold the entry that it names.
    private List<string> Bearers(SqliteTransaction transaction, string key)
    {
        var found = new List<string>();
        Strings(transaction, found, Bear, key);
        if (Keys.EntryOf(key) is var (digest, ordinal))
            Strings(transaction, found, "SELECT paper FROM entries WHERE digest=@0 AND ordinal=@1", digest, ordinal);
        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    // Null for a paper that somebody has taken out of the file: who writes its entries again brings it back.
    private StoredPaper? Stored(SqliteTransaction transaction, string id)
    {
        using var reader = In(transaction, Command("SELECT row, observations FROM papers WHERE id=@0", id))
            .ExecuteReader();
        if (!reader.Read())
            return null;
        var json = reader.GetFieldValue<byte[]>(1);
        return new StoredPaper(reader.GetInt64(0), json, PaperJson.ReadObservations(json));
    }

    // Keys follow from the observations; those of the new groups are written again with them.
    private void Delete(SqliteTransaction transaction, string id, StoredPaper paper)
    {
        Run(transaction, "DELETE FROM search WHERE rowid=@0", paper.Row);
        Run(transaction, "DELETE FROM sketches WHERE rowid=@0", paper.Row);
        Run(transaction, "DELETE FROM papers WHERE id=@0", id);
        foreach (
            var key in paper.Observations.SelectMany(Keys.Of).Select(k => k.Value).Distinct(StringComparer.Ordinal)
        )
            Run(transaction, "DELETE FROM keys WHERE key=@0 AND paper=@1", key, id);
    }

    private void Insert(SqliteTransaction transaction, PaperGroup group, byte[] json, long? row)
    {
        var document = Projection.Project(group);
        var (title, name) = (Folding.Fold(document.Title), document.Name is { } own ? Folding.Fold(own) : null);
        var number =
            row
            ?? Convert.ToInt64(
                In(transaction, Command("SELECT coalesce(max(row), 0) + 1 FROM papers")).ExecuteScalar(),
                null
            );
        Run(
            transaction,
            "INSERT INTO papers(id, row, title, folded_title, folded_name, observations) VALUES(@0,@1,@2,@3,@4,@5)",
            group.Id,
            number,
            document.Title,
            title,
            name,
            json
        );
        Run(
            transaction,
            "INSERT OR REPLACE INTO search(rowid, title, name, abstract) VALUES(@0,@1,@2,@3)",
            number,
            title,
            name,
            document.Abstract is { } text ? Folding.Fold(text) : null
        );
        if (PaperBands.Of(document.Title, document.Abstract) is { Count: > 0 } bands)
            Run(
                transaction,
                "INSERT OR REPLACE INTO sketches(rowid, bands) VALUES(@0,@1)",
                number,
                string.Join(' ', bands.Select(PaperBands.Word))
            );
        Lead(transaction, group, group.Observations);
    }

    // Another sighting of a paper mostly changes nothing that is searched: then the search row stays.
    private bool TryUpdate(SqliteTransaction transaction, PaperGroup group, byte[] json, StoredPaper stored)
    {
        var (before, after) = (
            Projection.Project(group with { Observations = stored.Observations }),
            Projection.Project(group)
        );
        if ((before.Title, before.Name, before.Abstract) != (after.Title, after.Name, after.Abstract))
            return false;
        Run(transaction, "UPDATE papers SET observations=@1 WHERE id=@0", group.Id, json);
        var known = stored.Observations.SelectMany(Keys.Of).Select(k => k.Value).ToHashSet(StringComparer.Ordinal);
        known.ExceptWith(group.Keys);
        foreach (var key in known)
            Run(transaction, "DELETE FROM keys WHERE key=@0 AND paper=@1", key, group.Id);
        var held = stored.Observations.ToHashSet(ReferenceEqualityComparer.Instance);
        Lead(transaction, group, group.Observations.Where(o => !held.Contains(o)));
        return true;
    }

    // Entries and keys lead to the paper.
    private void Lead(SqliteTransaction transaction, PaperGroup group, IEnumerable<Observation> observations)
    {
        foreach (var observation in observations)
        {
            var entry = observation.Entry;
            Run(
                transaction,
                "INSERT INTO entries(digest, ordinal, paper) VALUES(@0,@1,@2) ON CONFLICT DO UPDATE SET paper=excluded.paper WHERE paper<>excluded.paper",
                entry.Digest,
                entry.Ordinal,
                group.Id
            );
            // The key that is the paper's id needs no row of its own: look-ups ask both tables.
            foreach (var key in Keys.Of(observation).Where(k => k.Value != group.Id))
                Run(transaction, "INSERT OR IGNORE INTO keys(key, paper) VALUES(@0,@1)", key.Value, group.Id);
        }
    }

    private void Run(SqliteTransaction transaction, string sql, params ReadOnlySpan<object?> values) =>
        In(transaction, Command(sql, values)).ExecuteNonQuery();

    private void Strings(
        SqliteTransaction transaction,
        List<string> into,
        string sql,
        params ReadOnlySpan<object?> values
    )
    {
        using var reader = In(transaction, Command(sql, values)).ExecuteReader();
        while (reader.Read())
            into.Add(reader.GetString(0));
    }

    private static SqliteCommand In(SqliteTransaction transaction, SqliteCommand command)
    {
        command.Transaction = transaction;
        return command;
    }
}
