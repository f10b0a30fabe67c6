using Microsoft.Data.Sqlite;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Sqlite;

// Decisions and readings are asked for within the transaction that they rule.
public sealed partial class SqliteStore
{
    private DecisionSet decisions = DecisionSet.None;

    /// <inheritdoc />
    public async Task DecideAsync(DecisionMade decision, CancellationToken cancellationToken)
    {
        try
        {
            await InTurnAsync(Decide, write: true, cancellationToken);
        }
        catch
        {
            // What was rolled back is not known any more.
            decisions = DecisionSet.None;
            throw;
        }

        bool Decide(SqliteTransaction transaction)
        {
            Run(
                transaction,
                "INSERT OR IGNORE INTO decisions(id, decision) VALUES(@0,@1)",
                decision.Id,
                PaperJson.Write(decision)
            );
            var seeds = Decisions(transaction).KeysOf(decision).SelectMany(key => Bearers(transaction, key));
            Write(transaction, [], [.. seeds], RulingsFor(transaction, []));
            return true;
        }
    }

    /// <inheritdoc />
    public Task<DecisionSet> DecisionsAsync(CancellationToken cancellationToken) =>
        InTurnAsync(Decisions, write: false, cancellationToken);

    private Rulings RulingsFor(SqliteTransaction transaction, IEnumerable<string> digests)
    {
        var readings = new Dictionary<string, Reading>(StringComparer.Ordinal);
        foreach (var digest in digests.Distinct(StringComparer.Ordinal))
        {
            using var reader = In(
                    transaction,
                    Command(
                        "SELECT parser_version, entries FROM digests WHERE digest=@0 AND parser_version IS NOT NULL",
                        digest
                    )
                )
                .ExecuteReader();
            if (reader.Read())
                readings[digest] = new(reader.GetInt32(0), reader.GetInt32(1));
        }
        return new(Decisions(transaction), readings);
    }

    // They only become more, so their number tells whether there are others than before.
    private DecisionSet Decisions(SqliteTransaction transaction)
    {
        var count = Convert.ToInt64(In(transaction, Command("SELECT count(*) FROM decisions")).ExecuteScalar(), null);
        if (count != decisions.Count)
        {
            var all = new List<string>();
            Strings(transaction, all, "SELECT decision FROM decisions");
            decisions = new(all.Select(PaperJson.ReadDecision));
        }
        return decisions;
    }
}
