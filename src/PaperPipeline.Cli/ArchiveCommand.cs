using System.CommandLine;
using PaperPipeline.Storage.Archive;

namespace PaperPipeline.Cli;

/// <summary><c>archive prune</c>: deletes the bytes of old digests that are settled.</summary>
internal static class ArchiveCommand
{
    private static readonly Option<int> OlderThan = new("--older-than")
    {
        Description = "Days since a digest was first retrieved",
        Required = true,
    };
    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Delete nothing; say what would be",
    };

    public static Command Create()
    {
        OlderThan.Require(days => days >= 1, "--older-than must be a number of days from 1.");
        var prune = new Command(
            "prune",
            """
            Delete the bytes of old digests, which cannot be replayed then. Only what the ledger calls complete is deleted: what
            is under way or has dead letters stays, and so does what is recorded of each retrieval.
            """
        )
        {
            OlderThan,
            DryRun,
        };
        prune.SetAction(PruneAsync);
        return new Command("archive", "Look after the raw archive.") { prune };
    }

    private static async Task<int> PruneAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        var archive = new DigestArchive(settings.Archive);
        await using var store = await Stores.OpenForReadingAsync(settings, cancellationToken);
        var before = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(parsed.GetValue(OlderThan));
        var dryRun = parsed.GetValue(DryRun);
        Pruned pruned;
        try
        {
            pruned = await Pruning.RunAsync(archive, store, before, dryRun, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException(
                $"Cannot delete from the archive {archive.Root}: {failure.Message.TrimEnd('.')}. Fix the rights."
            );
        }
        Console.Out.WriteLine(
            $"{IngestReport.Count(pruned.Deleted, "digest")} {(dryRun ? "would be " : "")}deleted ({pruned.Bytes:#,0} bytes), {pruned.Kept} kept: not complete"
        );
        return ExitCode.Done;
    }
}
