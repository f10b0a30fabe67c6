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
        WriteAsync(token => ledger.RecordAsync(fetched, token), cancellationToken);

    /// <summary>A digest was read to its end.</summary>
    public async Task RecordAsync(DigestParsed parsed, CancellationToken cancellationToken)
    {
        await WriteAsync(token => ledger.RecordAsync(parsed, token), cancellationToken);
        inFlight.Read(parsed.Digest);
    }

    /// <summary>Something finally failed.</summary>
    public async Task RecordAsync(EntryRejected rejected, CancellationToken cancellationToken)
    {
        await WriteAsync(token => deadLetters.AddAsync(rejected, token), cancellationToken);
        PipelineTelemetry.CountDeadLetter(rejected.Stage);
        PipelineTelemetry.NoteDeadLetter(rejected);
        if (rejected.Ordinal is { } ordinal)
            inFlight.Leave(rejected.Digest, ordinal);
        else if (rejected.Position is null)
            inFlight.Read(rejected.Digest);
    }

    /// <summary>A dead letter was given back to its stage.</summary>
    public Task RecordAsync(DeadLetterRetried retried, CancellationToken cancellationToken) =>
        WriteAsync(token => deadLetters.RecordAsync(retried, token), cancellationToken);

    private async Task WriteAsync(Func<CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        await guard.RunAsync(
            async token =>
            {
                await write(token);
                return true;
            },
            cancellationToken
        );
        inFlight.Progress();
    }
}
