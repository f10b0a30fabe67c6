using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using PaperPipeline.Contracts;
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
    public Task<PaperDocument?> FindPaperAsync(string id, CancellationToken cancellationToken) =>
        InTurnAsync(
            transaction =>
            {
                var found = new List<string>();
                Strings(transaction, found, "SELECT id FROM papers WHERE id=@0", id);
                if (found.Count == 0)
                    Strings(transaction, found, "SELECT paper FROM keys WHERE key=@0", id);
                if (found is not [var one])
                    return null;
                using var reader = In(transaction, Command("SELECT observations FROM papers WHERE id=@0", one))
                    .ExecuteReader();
                return reader.Read() ? Document(one, reader.GetFieldValue<byte[]>(0)) : null;
            },
            write: false,
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
    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        InTurnAsync(
            t => Convert.ToInt64(In(t, Command("SELECT count(*) FROM papers")).ExecuteScalar(), null),
            write: false,
            cancellationToken
        );

    /// <inheritdoc />
    public async IAsyncEnumerable<PaperDocument> ExportAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await using var transaction = connection.BeginTransaction(deferred: true);
            await using var reader = InTrouble(
                In(transaction, Command("SELECT id, observations FROM papers ORDER BY id")).ExecuteReader
            );
            while (InTrouble(reader.Read))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return Document(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private static PaperDocument Document(string id, byte[] observations) =>
        Projection.Project(new PaperGroup(id, PaperJson.ReadObservations(observations)));

    private List<WriteOutcome> Write(SqliteTransaction transaction, IReadOnlyList<Observation> batch)
    {
        var stored = Component(transaction, batch);
        var groups = Resolution.Resolve(stored.Values.SelectMany(p => p.Observations).Concat(batch));
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
        var rewritten = changed.Select(c => c.Group.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (id, paper) in stored)
            if (!kept.Contains(id) || rewritten.Contains(id))
                Delete(transaction, id, paper);
        // Rewritten papers take their rows back before new ones are numbered.
        foreach (var (group, json) in changed.OrderByDescending(c => stored.ContainsKey(c.Group.Id)))
            Insert(transaction, group, json, stored.TryGetValue(group.Id, out var paper) ? paper.Row : null);
        return [.. batch.Select(o => new WriteOutcome(ids[(o.Entry.Digest, o.Entry.Ordinal)], null))];
    }

    private sealed record StoredPaper(long Row, byte[] Json, IReadOnlyList<Observation> Observations);

    // Everything that shares a key with the batch, directly or through others, or holds one of its entries.
    private Dictionary<string, StoredPaper> Component(SqliteTransaction transaction, IReadOnlyList<Observation> batch)
    {
        var papers = new Dictionary<string, StoredPaper>(StringComparer.Ordinal);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<Observation>(batch);
        var found = new List<string>();
        while (open.TryDequeue(out var observation))
        {
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
                    Strings(
                        transaction,
                        found,
                        "SELECT id FROM papers WHERE id=@0 UNION ALL SELECT paper FROM keys WHERE key=@0",
                        key.Value
                    );
            foreach (var id in found)
            {
                if (papers.ContainsKey(id))
                    continue;
                using var reader = In(transaction, Command("SELECT row, observations FROM papers WHERE id=@0", id))
                    .ExecuteReader();
                reader.Read();
                var json = reader.GetFieldValue<byte[]>(1);
                var paper = new StoredPaper(reader.GetInt64(0), json, PaperJson.ReadObservations(json));
                papers[id] = paper;
                foreach (var other in paper.Observations)
                    open.Enqueue(other);
            }
            found.Clear();
        }
        return papers;
    }

    // Keys follow from the observations; those of the new groups are written again with them.
    private void Delete(SqliteTransaction transaction, string id, StoredPaper paper)
    {
        Run(transaction, "DELETE FROM search WHERE rowid=@0", paper.Row);
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
            "INSERT INTO search(rowid, title, name, abstract) VALUES(@0,@1,@2,@3)",
            number,
            title,
            name,
            document.Abstract is { } text ? Folding.Fold(text) : null
        );
        foreach (var observation in group.Observations)
        {
            var entry = observation.Entry;
            Run(
                transaction,
                "INSERT INTO entries(digest, ordinal, paper) VALUES(@0,@1,@2) ON CONFLICT DO UPDATE SET paper=excluded.paper",
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
