using PaperPipeline.Storage.Index;

namespace PaperPipeline.Storage.Archive;

/// <summary>What a pruning came to.</summary>
/// <param name="Deleted">Digests whose bytes were, or would be, deleted.</param>
/// <param name="Kept">Old digests that stay: they are under way or have dead letters.</param>
/// <param name="Bytes">Size of what was deleted.</param>
public sealed record Pruned(int Deleted, int Kept, long Bytes);

/// <summary>
/// Deletes the bytes of old digests, which cannot be replayed then. Only what the ledger calls complete is deleted; what is
/// recorded of each retrieval stays.
/// </summary>
public static class Pruning
{
    /// <summary>Deletes those that were first retrieved before a moment.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="ledger">What became of its digests; null where nothing was written yet.</param>
    /// <param name="before">The moment.</param>
    /// <param name="dryRun">True to delete nothing, and to say what would be.</param>
    /// <param name="cancellationToken">Ends it between two digests.</param>
    /// <exception cref="IOException">Something cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">Something may not be deleted.</exception>
    public static async Task<Pruned> RunAsync(
        DigestArchive archive,
        ILedger? ledger,
        DateTimeOffset before,
        bool dryRun,
        CancellationToken cancellationToken
    )
    {
        var complete = ledger is null
            ? []
            : (await ledger.ListAsync(cancellationToken))
                .Where(s => s.State == "complete")
                .Select(s => s.Digest)
                .ToHashSet(StringComparer.Ordinal);
        var old = archive
            .Digests()
            .Where(archive.Holds)
            .Select(archive.Find)
            .OfType<Retrieval>()
            .Select(r => r.First)
            .Where(r => r.RetrievedAt < before)
            .ToList();
        var pruned = new Pruned(0, 0, 0);
        foreach (var record in old)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!complete.Contains(record.Digest))
            {
                pruned = pruned with { Kept = pruned.Kept + 1 };
                continue;
            }
            if (!dryRun)
                archive.Delete(record.Digest);
            pruned = pruned with { Deleted = pruned.Deleted + 1, Bytes = pruned.Bytes + record.Size };
        }
        return pruned;
    }
}
