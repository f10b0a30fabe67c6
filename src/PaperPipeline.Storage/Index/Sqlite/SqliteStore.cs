using Microsoft.Data.Sqlite;

namespace PaperPipeline.Storage.Index.Sqlite;

/// <summary>Paper index, ledger and dead letters in one SQLite file: one writer, any number of readers.</summary>
public sealed partial class SqliteStore : IPaperStore
{
    private const long LeastSpace = 16 * 1024 * 1024;
    private const int ApplicationId = 0x50504C31;
    private const int SchemaVersion = 2;

    private const string Schema = """
        CREATE TABLE papers(
          row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
          folded_title TEXT NOT NULL, folded_name TEXT, observations BLOB NOT NULL);
        CREATE TABLE keys(key TEXT NOT NULL, paper TEXT NOT NULL, PRIMARY KEY(key, paper)) WITHOUT ROWID;
        CREATE TABLE entries(digest TEXT NOT NULL, ordinal INTEGER NOT NULL, paper TEXT NOT NULL,
          PRIMARY KEY(digest, ordinal)) WITHOUT ROWID;
        CREATE TABLE digests(digest TEXT PRIMARY KEY, name TEXT, retrieved_at TEXT, trace_id TEXT,
          day TEXT, shape TEXT, day_stated_at TEXT,
          entries INTEGER, reported INTEGER, parser_version INTEGER) WITHOUT ROWID;
        CREATE TABLE dead_letters(id TEXT PRIMARY KEY, digest TEXT NOT NULL, ordinal INTEGER, whole INTEGER NOT NULL,
          stage TEXT NOT NULL, parser_version INTEGER NOT NULL, rejected TEXT NOT NULL);
        CREATE INDEX dead_letters_digest ON dead_letters(digest);
        CREATE VIRTUAL TABLE search USING fts5(title, name, abstract, content='', contentless_delete=1,
          tokenize='porter unicode61');
        """;

    // Added later: a file without them gets them from its next writer; a reader has empty ones of its own until then. SCHEMA
    // is where they are made.
    private static readonly (string Name, string Table)[] Added =
    [
        (
            "retried",
            "TABLE IF NOT EXISTS SCHEMA.retried(letter TEXT PRIMARY KEY, parser_version INTEGER NOT NULL, attempts INTEGER NOT NULL) WITHOUT ROWID;"
        ),
        (
            "decisions",
            "TABLE IF NOT EXISTS SCHEMA.decisions(id TEXT PRIMARY KEY, decision TEXT NOT NULL) WITHOUT ROWID;"
        ),
        (
            "readings",
            "TABLE IF NOT EXISTS SCHEMA.readings(digest TEXT, parser_version INTEGER, parsed_at TEXT, PRIMARY KEY(digest, parser_version)) WITHOUT ROWID;"
        ),
        (
            "recognitions",
            "TABLE IF NOT EXISTS SCHEMA.recognitions(digest TEXT PRIMARY KEY, parser_version INTEGER NOT NULL, recognised_by TEXT) WITHOUT ROWID;"
        ),
        (
            "sources",
            "TABLE IF NOT EXISTS SCHEMA.sources(digest TEXT PRIMARY KEY, parser_version INTEGER NOT NULL, source TEXT) WITHOUT ROWID;"
        ),
        (
            Settlements,
            "TABLE IF NOT EXISTS SCHEMA.settlements(digest TEXT PRIMARY KEY, settled_at TEXT) WITHOUT ROWID;"
        ),
        // Words of a full-text index cost far less to write than rows of a table.
        (
            "sketches",
            "VIRTUAL TABLE IF NOT EXISTS SCHEMA.sketches USING fts5(bands, content='', contentless_delete=1, tokenize='ascii');"
        ),
    ];

    private const string Settlements = "settlements";

    private readonly SqliteConnection connection;
    private readonly SemaphoreSlim turn = new(1, 1);

    private SqliteStore(SqliteConnection connection) => this.connection = connection;

    /// <summary>Opens the file, and creates it when it is to be written and missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">False for a reader, which works beside a writer; null comes back when nothing was written yet.</param>
    /// <exception cref="StoreRefusedException">The file is not ours, or of a newer version.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be opened or written to.</exception>
    public static SqliteStore? Open(string path, bool write)
    {
        if (!write && !File.Exists(path))
            return null;
        if (write && !File.Exists(path) && !OperatingSystem.IsWindows())
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            try
            {
                using var made = new FileStream(
                    path,
                    new FileStreamOptions
                    {
                        Mode = FileMode.OpenOrCreate,
                        Access = FileAccess.Write,
                        UnixCreateMode = owner,
                    }
                );
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new StoreUnavailableException(
                    $"{path} cannot be created ({failure.Message.TrimEnd('.')}): check folder and disk.",
                    failure
                );
            }
        }
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = write ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,
            // Beyond, it is trouble of the index, which is said and waited for.
            DefaultTimeout = 2,
        };
        var store = new SqliteStore(new SqliteConnection(settings.ToString()));
        try
        {
            store.connection.Open();
            if (store.Prepare(path, write))
                return store;
            store.connection.Dispose();
            return null;
        }
        catch (SqliteException failure)
        {
            store.connection.Dispose();
            throw failure.SqliteErrorCode == 26
                ? new StoreRefusedException($"{path} is no SQLite database: move it away or choose another --data-dir.")
                : Unavailable(failure, path);
        }
        catch (StoreRefusedException)
        {
            store.connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public Task RequireWritableAsync(CancellationToken cancellationToken)
    {
        // A writer's transaction grows a file beside the database before it grows the database.
        var path = connection.DataSource;
        var left = new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace;
        return left >= LeastSpace
            ? Task.CompletedTask
            : throw new StoreUnavailableException(
                $"{path} is on a disk with {left / 1024 / 1024} MiB left: free some, nothing is lost."
            );
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        turn.Dispose();
        return connection.DisposeAsync();
    }

    /// <summary>Bounds the size of the file in pages, as a full disk would.</summary>
    internal void LimitPages(int pages) => Execute($"PRAGMA max_page_count={pages}");

    // False for a reader of a file that its writer has only begun.
    private bool Prepare(string path, bool write)
    {
        var (application, version, tables) = Identify();
        if (application != ApplicationId && (tables > 0 || application != 0))
            throw new StoreRefusedException(
                $"{path} belongs to another application: move it away or choose another --data-dir."
            );
        if (application == ApplicationId && version > SchemaVersion)
            throw new StoreRefusedException(
                $"{path} was written by a newer version of PaperPipeline (schema {version}, known is {SchemaVersion}): upgrade."
            );
        if (!write)
        {
            foreach (var (name, table) in Added)
                if (!Exists(name))
                    Execute(Create(table, "temp"));
            Execute("PRAGMA query_only=ON");
            return application == ApplicationId;
        }
        var added = string.Concat(Added.Select(a => Create(a.Table, "main")));
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000;");
        if (application == ApplicationId)
        {
            var isNoted = Exists(Settlements);
            Execute(version < SchemaVersion ? added + $"PRAGMA user_version={SchemaVersion};" : added);
            // When those of before were settled nobody knows any more.
            if (!isNoted)
                Execute("INSERT OR IGNORE INTO settlements(digest) SELECT digest FROM digests");
            return true;
        }
        using var transaction = connection.BeginTransaction();
        Execute(Schema + added + $"PRAGMA application_id={ApplicationId}; PRAGMA user_version={SchemaVersion};");
        transaction.Commit();
        return true;
    }

    private bool Exists(string table) => Number($"SELECT count(*) FROM sqlite_schema WHERE name='{table}'") > 0;

    private static string Create(string table, string schema) =>
        "CREATE " + table.Replace("SCHEMA.", schema + ".", StringComparison.Ordinal);

    // In one statement: another process may be making the file at this moment.
    private (long Application, long Version, long Tables) Identify()
    {
        using var reader = Command(
                """
                SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version),
                  (SELECT count(*) FROM sqlite_schema)
                """
            )
            .ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    private async Task<T> InTurnAsync<T>(
        Func<SqliteTransaction, T> work,
        bool write,
        CancellationToken cancellationToken
    )
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            using var transaction = connection.BeginTransaction(deferred: !write);
            var result = work(transaction);
            transaction.Commit();
            return result;
        }
        catch (SqliteException failure) when (IsTrouble(failure))
        {
            throw Unavailable(failure, connection.DataSource);
        }
        finally
        {
            turn.Release();
        }
    }

    private T InTrouble<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException failure) when (IsTrouble(failure))
        {
            throw Unavailable(failure, connection.DataSource);
        }
    }

    // Primary result codes of trouble that is not the document's fault: sqlite.org/rescode.html.
    private static bool IsTrouble(SqliteException failure) =>
        failure.SqliteErrorCode is 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14;

    private static StoreUnavailableException Unavailable(SqliteException failure, string path) =>
        new(
            failure.SqliteErrorCode switch
            {
                5 or 6 => $"{path} is locked by another program: end it.",
                8 or 14 => $"{path} cannot be opened for writing: check the rights of file and folder.",
                11 => $"{path} is damaged: move it away and run again; the archive brings everything back.",
                13 => $"The disk is full: {path} cannot be written. Free space; nothing is lost, the next run goes on.",
                _ =>
                    $"{path} cannot be written ({failure.Message.TrimEnd('.')}): check the disk; nothing is lost, the next run goes on.",
            },
            failure
        );

    private long Number(string sql) =>
        Convert.ToInt64(Command(sql).ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // only our own constant texts come here
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private readonly Dictionary<string, SqliteCommand> commands = new(StringComparer.Ordinal);

    // Statements are prepared once and used again; texts are constants, values are parameters.
    private SqliteCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter($"@{i}", null));
            commands[sql] = command;
        }
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}
