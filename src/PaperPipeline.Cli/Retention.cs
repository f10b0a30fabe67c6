using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>
/// Deletes the bytes of digests that are complete and older than they are to be kept, at the start and then every day.
/// </summary>
/// <param name="archive">The archive.</param>
/// <param name="ledger">What became of its digests.</param>
/// <param name="keep">How long bytes are kept.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Says what was deleted, and what could not be.</param>
internal sealed partial class Retention(
    DigestArchive archive,
    ILedger ledger,
    TimeSpan keep,
    TimeProvider clock,
    ILogger<Retention> logger
) : BackgroundService
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            await Task.Delay(await PruneAsync(stoppingToken), clock, stoppingToken);
    }

    private async Task<TimeSpan> PruneAsync(CancellationToken stoppingToken)
    {
        try
        {
            var before = clock.GetUtcNow() - keep;
            var pruned = await Pruning.RunAsync(archive, ledger, before, dryRun: false, stoppingToken);
            Deleted(logger, pruned.Deleted, pruned.Bytes, pruned.Kept);
            return Day;
        }
        catch (Exception trouble)
            when (trouble is IOException or UnauthorizedAccessException or StoreUnavailableException)
        {
            NotDeleted(logger, trouble.Message);
            return AfterTrouble;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Deleted {Digests} old digests ({Bytes} bytes) from the archive; {Kept} are not complete and stay"
    )]
    private static partial void Deleted(ILogger logger, int digests, long bytes, int kept);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Old digests could not be deleted: {Reason} It is tried again in an hour."
    )]
    private static partial void NotDeleted(ILogger logger, string reason);
}
