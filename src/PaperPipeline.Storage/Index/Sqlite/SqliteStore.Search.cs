using PaperPipeline.Storage.Similarity;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Index.Sqlite;

public sealed partial class SqliteStore
{
    private const string Hits = """
        SELECT p.id, p.title, -bm25(search, 10.0, 5.0, 1.0)
          + CASE WHEN p.folded_title = @1 THEN 2000.0 WHEN p.folded_name = @1 THEN 1000.0 ELSE 0.0 END AS score
        FROM search JOIN papers p ON p.row = search.rowid
        WHERE search MATCH @0 ORDER BY score DESC, p.id LIMIT @2
        """;

    private const string Sharing = """
        SELECT p.id, p.observations FROM sketches JOIN papers p ON p.row = sketches.rowid
        WHERE sketches MATCH @0 ORDER BY sketches.rank, p.id LIMIT @1
        """;

    /// <inheritdoc />
    public Task<IReadOnlyList<PaperGroup>> FindAlikeAsync(
        string title,
        string? text,
        int limit,
        CancellationToken cancellationToken
    ) =>
        InTurnAsync<IReadOnlyList<PaperGroup>>(
            transaction =>
            {
                var bands = PaperBands.Of(title, text);
                if (bands.Count == 0)
                    return [];
                var any = string.Join(" OR ", bands.Select(band => $"\"{PaperBands.Word(band)}\""));
                using var reader = In(transaction, Command(Sharing, any, limit)).ExecuteReader();
                var papers = new List<PaperGroup>();
                while (reader.Read())
                    papers.Add(new(reader.GetString(0), PaperJson.ReadObservations(reader.GetFieldValue<byte[]>(1))));
                return papers;
            },
            write: false,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<SearchAnswer> SearchAsync(string query, int limit, CancellationToken cancellationToken) =>
        InTurnAsync(
            transaction =>
            {
                var terms = QueryTerm.Of(query).Select(term => $"\"{term.Text}\"").ToList();
                if (terms.Count == 0)
                    return new SearchAnswer(query, 0, []);
                var match = string.Join(" AND ", terms);
                var total = Total(match);
                if (total == 0)
                    total = Total(match = string.Join(" OR ", terms));
                var hits = new List<SearchHit>();
                using var reader = In(transaction, Command(Hits, match, Folding.Fold(query), limit)).ExecuteReader();
                while (reader.Read())
                    hits.Add(
                        new(
                            reader.GetString(0),
                            reader.GetString(1),
                            Math.Max(1e-9, Math.Round(reader.GetDouble(2), 9))
                        )
                    );
                return new SearchAnswer(query, total, hits);

                int Total(string expression) =>
                    Convert.ToInt32(
                        In(transaction, Command("SELECT count(*) FROM search WHERE search MATCH @0", expression))
                            .ExecuteScalar(),
                        System.Globalization.CultureInfo.InvariantCulture
                    );
            },
            write: false,
            cancellationToken
        );
}
