using System.Collections.Concurrent;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>
/// Has the ledger note what became of digests, for charts: each once for all of its papers, when nothing has been said of it for
/// a moment. Whoever writes something last notes last, and what a process that was killed has not noted, the next one does at
/// its start; so the notes come to what is counted.
/// </summary>
public sealed partial class LedgerNotes(
    ILedger ledger,
    SinkGuard guard,
    TimeProvider clock,
    ILogger<LedgerNotes> logger
) : BackgroundService
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AtTheEnd = TimeSpan.FromSeconds(3);

    // Of what counting costs beside the papers: no more than one in so many moments goes into it.
    private const int Rest = 20;

    private readonly ConcurrentDictionary<string, Touched> touched = new(StringComparer.Ordinal);

    private sealed record Touched(long First, long Last, DateTimeOffset WrittenAt);

    /// <summary>Something was written of a digest.</summary>
    public void Touch(string digest) => Touch(digest, clock.GetUtcNow());

    private void Touch(string digest, DateTimeOffset writtenAt)
    {
        var now = clock.GetTimestamp();
        touched.AddOrUpdate(
            digest,
            _ => new(now, now, writtenAt),
            (_, known) => new(known.First, now, writtenAt > known.WrittenAt ? writtenAt : known.WrittenAt)
        );
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // What cannot be noted now is noted at the next start.
        if (touched.IsEmpty || guard.Trouble is not null)
            return;
        using var bounded = new CancellationTokenSource(AtTheEnd, clock);
        await TryNoteAsync([.. touched.Keys], bounded.Token);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var isFirst = true; ; )
        {
            var started = clock.GetTimestamp();
            if (isFirst)
                isFirst = !await TryNoteAsync(null, stoppingToken);
            else if (Ripe() is { Count: > 0 } ripe)
                await TryNoteAsync(ripe, stoppingToken);
            var rest = clock.GetElapsedTime(started) * Rest;
            await Task.Delay(rest > Poll ? rest : Poll, clock, stoppingToken);
        }
    }

    private List<string> Ripe() =>
        [
            .. touched
                .Where(t =>
                    clock.GetElapsedTime(t.Value.Last) >= Quiet || clock.GetElapsedTime(t.Value.First) >= Longest
                )
                .Select(t => t.Key),
        ];

    private async Task<bool> TryNoteAsync(IReadOnlyCollection<string>? digests, CancellationToken cancellationToken)
    {
        // Forgotten before it is counted: what is said of it meanwhile is a reason to count again.
        var written = digests is null ? null : new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var digest in digests ?? [])
            if (touched.TryRemove(digest, out var known))
                written![digest] = known.WrittenAt;
        try
        {
            foreach (var digest in await ledger.NoteAsync(written, clock.GetUtcNow(), cancellationToken))
                Again(digest);
            return true;
        }
        // What is wrong with the index those say who write papers.
        catch (Exception failure)
        {
            foreach (var digest in digests ?? [])
                Again(digest);
            if (failure is OperationCanceledException)
                return false;
            NotNoted(logger, failure.Message);
            return false;
        }

        // That it is noted late makes it no later.
        void Again(string digest) =>
            Touch(digest, written?.TryGetValue(digest, out var at) is true ? at : clock.GetUtcNow());
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "What became of digests cannot be noted now: {Reason}")]
    private static partial void NotNoted(ILogger logger, string reason);
}
