using System.Globalization;
using Microsoft.Data.Sqlite;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Sqlite;

// Counts are counted at each question, so no message that comes twice or late can make them wrong.
public sealed partial class SqliteStore
{
    // Letters that are not settled: not given back since; the entry is not in the index; a digest as a whole only until it
    // was read; a reading's leftovers, and entries that a newer reading does not have, only until that reading.
    private const string Unsettled = """
        SELECT l.id, l.rejected, l.digest, l.ordinal, l.whole FROM dead_letters l
        LEFT JOIN digests d ON d.digest = l.digest LEFT JOIN retried r ON r.letter = l.id
        WHERE (r.letter IS NULL
            OR (l.parser_version, l.rejected ->> '$.attempts') > (r.parser_version, r.attempts))
          AND (l.whole = 0 OR d.parser_version IS NULL)
          AND (d.parser_version IS NULL OR l.parser_version >= d.parser_version
            OR (l.stage <> 'parse' AND coalesce(l.ordinal, 0) <= d.entries))
          AND NOT EXISTS(SELECT 1 FROM entries e WHERE e.digest = l.digest AND e.ordinal = l.ordinal)
        """;

    // An entry that failed in two stages is one entry: its letters count once.
    private const string Digests = $"""
        SELECT d.digest, d.name, d.day, d.shape, d.entries, d.reported, d.retrieved_at, d.trace_id,
          (SELECT count(*) FROM entries e WHERE e.digest = d.digest),
          (SELECT count(DISTINCT coalesce('entry ' || u.ordinal, u.id)) FROM ({Unsettled}) u WHERE u.digest = d.digest),
          EXISTS(SELECT 1 FROM ({Unsettled}) w WHERE w.digest = d.digest AND w.whole = 1), d.parser_version,
          (SELECT r.parsed_at FROM readings r WHERE r.digest = d.digest AND r.parser_version = d.parser_version),
          (SELECT c.recognised_by FROM recognitions c WHERE c.digest = d.digest),
          (SELECT s.source FROM sources s WHERE s.digest = d.digest),
          (SELECT t.settled_at FROM settlements t WHERE t.digest = d.digest)
        FROM digests d
        """;

    /// <inheritdoc />
    public Task RecordAsync(DigestFetched fetched, CancellationToken cancellationToken) =>
        RunAsync(
            """
            INSERT INTO digests(digest, name, retrieved_at, trace_id) VALUES(@0,@1,@2,@3)
            ON CONFLICT DO UPDATE SET name=excluded.name, retrieved_at=excluded.retrieved_at, trace_id=excluded.trace_id
            WHERE digests.retrieved_at IS NULL OR (excluded.retrieved_at, excluded.name, excluded.trace_id)
              < (digests.retrieved_at, digests.name, digests.trace_id)
            """,
            cancellationToken,
            fetched.Digest,
            fetched.Name,
            Utc(fetched.RetrievedAt),
            fetched.TraceId
        );

    /// <inheritdoc />
    public Task RecordAsync(DigestParsed parsed, CancellationToken cancellationToken) =>
        InTurnAsync(
            transaction =>
            {
                Record(transaction, parsed);
                var left = new List<string>();
                Strings(
                    transaction,
                    left,
                    """
                    SELECT DISTINCT e.paper FROM entries e JOIN digests d ON d.digest = e.digest
                    WHERE e.digest = @0 AND e.ordinal > d.entries
                    """,
                    parsed.Digest
                );
                if (left.Count > 0)
                    Write(transaction, [], left, RulingsFor(transaction, [parsed.Digest]));
                return true;
            },
            write: true,
            cancellationToken
        );

    private void Record(SqliteTransaction transaction, DigestParsed parsed)
    {
        Run(
            transaction,
            "INSERT OR IGNORE INTO readings(digest, parser_version, parsed_at) VALUES(@0,@1,@2)",
            parsed.Digest,
            parsed.ParserVersion,
            parsed.ParsedAt?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
        );
        Run(
            transaction,
            """
            INSERT INTO digests(digest, day, day_stated_at, shape, entries, reported, parser_version)
            VALUES(@0,@1,@2,@3,@4,@5,@6)
            ON CONFLICT DO UPDATE SET day=excluded.day, day_stated_at=excluded.day_stated_at, shape=excluded.shape,
              entries=excluded.entries, reported=excluded.reported, parser_version=excluded.parser_version
            WHERE digests.parser_version IS NULL
              OR (excluded.parser_version, coalesce(excluded.day_stated_at, ''), coalesce(excluded.day, ''))
                > (digests.parser_version, coalesce(digests.day_stated_at, ''), coalesce(digests.day, ''))
            """,
            parsed.Digest,
            parsed.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            parsed.DayStatedAt?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            parsed.Shape,
            parsed.Entries,
            parsed.Reported,
            parsed.ParserVersion
        );
        KeepNewest("recognitions", "recognised_by", parsed.RecognisedBy);
        KeepNewest("sources", "source", parsed.Source);

        void KeepNewest(string table, string column, string? value) =>
            Run(
                transaction,
                $"""
                INSERT INTO {table}(digest, parser_version, {column}) VALUES(@0,@1,@2)
                ON CONFLICT DO UPDATE SET parser_version=excluded.parser_version, {column}=excluded.{column}
                WHERE excluded.parser_version > {table}.parser_version
                """,
                parsed.Digest,
                parsed.ParserVersion,
                value
            );
    }

    /// <inheritdoc />
    public async Task<IReadOnlyCollection<string>> NoteAsync(
        IReadOnlyDictionary<string, DateTimeOffset>? digests,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        const string Open = Digests + " WHERE d.digest NOT IN (SELECT digest FROM settlements)";
        var counted = digests is null
            ? await StatusesAsync(Open, cancellationToken)
            : await StatusesAsync(
                Open + " AND d.digest IN (SELECT value FROM json_each(@0))",
                cancellationToken,
                PaperJson.Write([.. digests.Keys])
            );
        var settled = counted.Where(digest => digest.IsSettled).ToList();
        // Nothing else is charted here.
        if (settled.Count > 0)
            await InTurnAsync(
                transaction =>
                {
                    foreach (var digest in settled)
                        Run(
                            transaction,
                            "INSERT OR IGNORE INTO settlements(digest, settled_at) VALUES(@0,@1)",
                            digest.Digest,
                            Utc(digests?.GetValueOrDefault(digest.Digest) ?? now)
                        );
                    return true;
                },
                write: true,
                cancellationToken
            );
        return [];
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public Task<IReadOnlyList<DigestStatus>> ListAsync(CancellationToken cancellationToken) =>
        StatusesAsync(Digests + " ORDER BY d.retrieved_at, d.digest", cancellationToken);

    /// <inheritdoc />
    public async Task<DigestStatus?> FindAsync(string digest, CancellationToken cancellationToken) =>
        (await FindAsync([digest], cancellationToken)) is [var one] ? one : null;

    /// <inheritdoc />
    public Task<IReadOnlyList<DigestStatus>> FindAsync(
        IReadOnlyCollection<string> digests,
        CancellationToken cancellationToken
    ) =>
        StatusesAsync(
            Digests + " WHERE d.digest IN (SELECT value FROM json_each(@0))",
            cancellationToken,
            PaperJson.Write(digests)
        );

    /// <inheritdoc />
    public Task AddAsync(EntryRejected rejected, CancellationToken cancellationToken) =>
        RunAsync(
            """
            INSERT INTO dead_letters(id, digest, ordinal, whole, stage, parser_version, rejected) VALUES(@0,@1,@2,@3,@4,@5,@6)
            ON CONFLICT DO UPDATE SET parser_version=excluded.parser_version, rejected=excluded.rejected
            WHERE (excluded.parser_version, excluded.rejected ->> '$.attempts', excluded.rejected)
              > (dead_letters.parser_version, dead_letters.rejected ->> '$.attempts', dead_letters.rejected)
            """,
            cancellationToken,
            DeadLetter.IdOf(rejected),
            rejected.Digest,
            rejected.Ordinal,
            DeadLetter.IsWhole(rejected) ? 1 : 0,
            rejected.Stage,
            rejected.ParserVersion,
            PaperJson.Write(rejected)
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(CancellationToken cancellationToken) =>
        InTurnAsync<IReadOnlyList<DeadLetter>>(Letters, write: false, cancellationToken);

    private List<DeadLetter> Letters(SqliteTransaction transaction)
    {
        var known = Decisions(transaction);
        using var reader = In(transaction, Command(Unsettled + " ORDER BY l.digest, l.ordinal, l.rowid"))
            .ExecuteReader();
        var letters = new List<DeadLetter>();
        while (reader.Read())
            letters.Add(known.Apply(new DeadLetter(reader.GetString(0), PaperJson.ReadRejected(reader.GetString(1)))));
        return letters;
    }

    /// <inheritdoc />
    public Task RecordAsync(DeadLetterRetried retried, CancellationToken cancellationToken) =>
        RunAsync(
            """
            INSERT INTO retried(letter, parser_version, attempts)
            SELECT @0,@1,@2 WHERE EXISTS(SELECT 1 FROM dead_letters WHERE id=@0)
            ON CONFLICT DO UPDATE SET parser_version=excluded.parser_version, attempts=excluded.attempts
            WHERE (excluded.parser_version, excluded.attempts) > (retried.parser_version, retried.attempts)
            """,
            cancellationToken,
            retried.Letter,
            retried.ParserVersion,
            retried.Attempts
        );

    private Task<int> RunAsync(string sql, CancellationToken cancellationToken, params object?[] values) =>
        InTurnAsync(t => In(t, Command(sql, values)).ExecuteNonQuery(), write: true, cancellationToken);

    private Task<IReadOnlyList<DigestStatus>> StatusesAsync(
        string sql,
        CancellationToken cancellationToken,
        params object?[] values
    ) =>
        InTurnAsync<IReadOnlyList<DigestStatus>>(
            transaction =>
            {
                var digests = new List<DigestStatus>();
                using (var reader = In(transaction, Command(sql, values)).ExecuteReader())
                    while (reader.Read())
                        digests.Add(Status(reader));
                if (!Decisions(transaction).Dismiss || digests.TrueForAll(d => d.Dead == 0))
                    return digests;
                var letters = Letters(transaction).ToLookup(l => l.Rejected.Digest, StringComparer.Ordinal);
                return [.. digests.Select(d => d with { Dismissed = DeadLetter.CountDismissed(letters[d.Digest]) })];
            },
            write: false,
            cancellationToken
        );

    private static DigestStatus Status(SqliteDataReader reader)
    {
        return DigestStatus.Of(
            reader.GetString(0),
            Number(4),
            Number(5),
            reader.GetInt32(8),
            reader.GetInt32(9),
            reader.GetBoolean(10)
        ) with
        {
            Name = Text(1),
            Day = Text(2) is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            Shape = Text(3),
            RetrievedAt = Time(6),
            RecognisedBy = Text(13),
            Source = Text(14),
            TraceId = Text(7),
            ParserVersion = Number(11),
            ParsedAt = Time(12),
            SettledAt = Time(15),
        };

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

        DateTimeOffset? Time(int column) =>
            Text(column) is { } at
                ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                : null;

        int? Number(int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);
    }
}
