using System.Text;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Tests.Storage;

/// <summary>A digest without papers, whose bytes are its name.</summary>
internal static class ArchivedDigest
{
    /// <summary>Archives one and gives its identity.</summary>
    public static async Task<string> StoreAsync(
        DigestArchive archive,
        string name,
        DateTimeOffset retrievedAt,
        CancellationToken cancellationToken
    )
    {
        var record = await archive.StoreAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(name)),
            limit: 1000,
            (digest, size, limit) =>
                new RetrievalRecord
                {
                    Digest = digest,
                    Source = "test",
                    Name = name,
                    RetrievedAt = retrievedAt,
                    Size = size,
                    TraceId = new string('0', 32),
                },
            cancellationToken
        );
        return record.Digest;
    }

    /// <summary>Has the ledger know that it was read to its end, which settles it.</summary>
    public static Task SettleAsync(SqliteStore store, string digest, CancellationToken cancellationToken) =>
        store.RecordAsync(
            new DigestParsed
            {
                Digest = digest,
                Entries = 0,
                Reported = 0,
                Shape = "test",
                ParserVersion = 1,
            },
            cancellationToken
        );
}
