using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>Keeps ledger, dead letters and decisions. Saying a thing twice, late or in another order changes nothing.</summary>
public sealed class Accounts(IPaperStore store, SinkGuard guard, LedgerNotes notes, InFlightPapers inFlight)
{
    /// <summary>A digest was archived.</summary>
    public Task RecordAsync(DigestFetched fetched, CancellationToken cancellationToken) =>
        WriteAsync(fetched.Digest, token => store.RecordAsync(fetched, token), cancellationToken);

    /// <summary>A digest was read to its end.</summary>
    public async Task RecordAsync(DigestParsed parsed, CancellationToken cancellationToken)
    {
        if (parsed.Fetched is { } fetched)
            await RecordAsync(fetched, cancellationToken);
        await WriteAsync(parsed.Digest, token => store.RecordAsync(parsed, token), cancellationToken);
        inFlight.Read(parsed.Digest);
    }

    /// <summary>Something finally failed.</summary>
    public async Task RecordAsync(EntryRejected rejected, CancellationToken cancellationToken)
    {
        await WriteAsync(rejected.Digest, token => store.AddAsync(rejected, token), cancellationToken);
        PipelineTelemetry.CountDeadLetter(rejected.Stage, RejectionKind.Of(rejected));
        PipelineTelemetry.NoteDeadLetter(rejected);
        if (rejected.Ordinal is { } ordinal)
            inFlight.Leave(rejected.Digest, ordinal);
        else if (rejected.Position is null)
            inFlight.Read(rejected.Digest);
    }

    /// <summary>A dead letter was given back to its stage.</summary>
    public Task RecordAsync(DeadLetterRetried retried, CancellationToken cancellationToken) =>
        WriteAsync(retried.Digest, token => store.RecordAsync(retried, token), cancellationToken);

    /// <summary>A person decided which announcements are one paper.</summary>
    public Task DecideAsync(DecisionMade decision, CancellationToken cancellationToken) =>
        WriteAsync(null, token => store.DecideAsync(decision, token), cancellationToken);

    // Of which digest it says something, where it does.
    private async Task WriteAsync(
        string? digest,
        Func<CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        await guard.RunAsync(
            async token =>
            {
                await write(token);
                return true;
            },
            cancellationToken
        );
        if (digest is not null)
            notes.Touch(digest);
        inFlight.Progress();
    }
}
