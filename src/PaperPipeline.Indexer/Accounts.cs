using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>Keeps ledger and dead letters. Saying a thing twice, late or in another order changes nothing.</summary>
public sealed class Accounts(ILedger ledger, IDeadLetters deadLetters, SinkGuard guard, InFlightPapers inFlight)
{
    /// <summary>A digest was archived.</summary>
    public Task RecordAsync(DigestFetched fetched, CancellationToken cancellationToken) =>
        WriteAsync(() => ledger.RecordAsync(fetched, cancellationToken), cancellationToken);

    /// <summary>A digest was read to its end.</summary>
    public async Task RecordAsync(DigestParsed parsed, CancellationToken cancellationToken)
    {
        await WriteAsync(() => ledger.RecordAsync(parsed, cancellationToken), cancellationToken);
        inFlight.Read(parsed.Digest);
    }

    /// <summary>Something finally failed.</summary>
    public async Task RecordAsync(EntryRejected rejected, CancellationToken cancellationToken)
    {
        await WriteAsync(() => deadLetters.AddAsync(rejected, cancellationToken), cancellationToken);
        PipelineTelemetry.CountDeadLetter(rejected.Stage);
        if (rejected.Ordinal is { } ordinal)
            inFlight.Leave(rejected.Digest, ordinal);
        else if (rejected.Position is null)
            inFlight.Read(rejected.Digest);
    }

    private async Task WriteAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        await guard.RunAsync(
            async () =>
            {
                await write();
                return true;
            },
            cancellationToken
        );
        inFlight.Progress();
    }
}
