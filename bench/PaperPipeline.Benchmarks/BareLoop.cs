using System.Diagnostics;
using Microsoft.Data.Sqlite;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Benchmarks;

/// <summary>The texts of one document.</summary>
internal sealed record Texts(string Id, string Title, string? Name, string? Abstract)
{
    /// <summary>As the documents have them.</summary>
    public static Texts Plain(PaperDocument document) =>
        new(document.Id, document.Title, document.Name, document.Abstract);

    /// <summary>As the store searches them.</summary>
    public Texts Folded() =>
        this with
        {
            Title = Folding.Fold(Title),
            Name = Name is null ? null : Folding.Fold(Name),
            Abstract = Abstract is null ? null : Folding.Fold(Abstract),
        };
}

/// <summary>The raw limit: nothing but inserts into one full-text table of SQLite, texts at hand.</summary>
internal static class BareLoop
{
    /// <summary>Inserts the texts in transactions of 500; gives the time that took.</summary>
    public static TimeSpan Run(IReadOnlyList<Texts> texts)
    {
        using var folder = new TemporaryFolder();
        using var connection = new SqliteConnection($"Data Source={folder.Below("bare.db")};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000;");
        Execute(
            connection,
            "CREATE VIRTUAL TABLE d USING fts5(id UNINDEXED, title, name, abstract, tokenize='porter unicode61')"
        );
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO d(id, title, name, abstract) VALUES(@id, @title, @name, @abstract)";
        var values = Array.ConvertAll(
            (string[])["@id", "@title", "@name", "@abstract"],
            name => insert.Parameters.Add(name, SqliteType.Text)
        );
        var started = Stopwatch.GetTimestamp();
        foreach (var chunk in texts.Chunk(500))
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            foreach (var text in chunk)
            {
                values[0].Value = text.Id;
                values[1].Value = text.Title;
                values[2].Value = text.Name ?? (object)DBNull.Value;
                values[3].Value = text.Abstract ?? (object)DBNull.Value;
                insert.ExecuteNonQuery();
            }
            transaction.Commit();
        }
        return Stopwatch.GetElapsedTime(started);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // only our own constant texts come here
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
