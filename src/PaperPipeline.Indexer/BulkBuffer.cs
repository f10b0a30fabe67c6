using System.Diagnostics;
using System.Threading.Channels;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging.Failures;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>
/// The one bounded buffer before the index: gathers entries of many chunks into one bulk, and tells each chunk how its
/// entries fared. A bulk that cannot be written as a whole is halved until the entry at fault stands alone.
/// </summary>
public sealed class BulkBuffer(IPaperIndex index, SinkGuard guard, TimeProvider clock) : BackgroundService
{
    /// <summary>Greatest number of entries in a bulk.</summary>
    public const int MaxEntries = 500;

    /// <summary>How long a bulk waits for more entries.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(10);

    private readonly Channel<Pending> pending = Channel.CreateBounded<Pending>(64);

    private sealed record Pending(
        IReadOnlyList<Observation> Papers,
        PaperSpans? Spans,
        TaskCompletionSource<IReadOnlyList<WriteOutcome>> Done
    );

    /// <summary>Writes the papers with the next bulk; returns when each is durable or refused.</summary>
    /// <param name="papers">The papers.</param>
    /// <param name="spans">Their spans, to which that of the bulk links.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        IReadOnlyList<Observation> papers,
        PaperSpans? spans,
        CancellationToken cancellationToken
    )
    {
        var item = new Pending(papers, spans, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await pending.Writer.WriteAsync(item, cancellationToken);
        return await item.Done.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, index.WriteConcurrency).Select(_ => WriteBulksAsync(stoppingToken)));
        }
        finally
        {
            // Nobody takes them any more: who waits is told.
            pending.Writer.TryComplete(new OperationCanceledException(stoppingToken));
            while (pending.Reader.TryRead(out var left))
                left.Done.TrySetCanceled(stoppingToken);
        }
    }

    private async Task WriteBulksAsync(CancellationToken stoppingToken)
    {
        while (await pending.Reader.WaitToReadAsync(stoppingToken))
        {
            var chunks = await GatherAsync(stoppingToken);
            // Another writer was faster.
            if (chunks.Count == 0)
                continue;
            try
            {
                var started = clock.GetTimestamp();
                var outcomes = await WriteBulkAsync(Join(chunks), stoppingToken);
                PipelineTelemetry.RecordDuration("index", clock.GetElapsedTime(started));
                var offset = 0;
                foreach (var chunk in chunks)
                {
                    chunk.Done.SetResult([.. outcomes.Skip(offset).Take(chunk.Papers.Count)]);
                    offset += chunk.Papers.Count;
                }
            }
            catch (PutBackException back)
            {
                chunks.ForEach(c => c.Done.TrySetException(back));
            }
            catch (OperationCanceledException)
            {
                chunks.ForEach(c => c.Done.TrySetCanceled(stoppingToken));
            }
        }
    }

    private async Task<List<Pending>> GatherAsync(CancellationToken stoppingToken)
    {
        var chunks = new List<Pending>();
        var count = 0;
        using var age = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        age.CancelAfter(MaxAge);
        try
        {
            while (count < MaxEntries)
            {
                var chunk = await pending.Reader.ReadAsync(age.Token);
                chunks.Add(chunk);
                count += chunk.Papers.Count;
            }
        }
        catch (OperationCanceledException) when (chunks.Count > 0 || !stoppingToken.IsCancellationRequested) { }
        return chunks;
    }

    private Bulk Join(List<Pending> chunks)
    {
        var now = clock.GetUtcNow();
        return new(
            [.. chunks.SelectMany(c => c.Papers).Select(paper => paper with { IndexedAt = now })],
            chunks.Exists(c => c.Spans is not null) ? [.. chunks.SelectMany(c => c.Spans?.Contexts ?? [])] : null
        );
    }

    private async Task<IReadOnlyList<WriteOutcome>> WriteBulkAsync(Bulk bulk, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteWholeAsync(bulk, cancellationToken);
        }
        catch (Exception refused) when (refused is not (OperationCanceledException or PutBackException))
        {
            if (bulk.Papers.Count == 1)
                return [new WriteOutcome(null, refused.Message)];
            var half = bulk.Papers.Count / 2;
            return
            [
                .. await WriteBulkAsync(bulk.Part(..half), cancellationToken),
                .. await WriteBulkAsync(bulk.Part(half..), cancellationToken),
            ];
        }
    }

    private async Task<IReadOnlyList<WriteOutcome>> WriteWholeAsync(Bulk bulk, CancellationToken cancellationToken)
    {
        using var span = bulk.StartSpan(index.Identity);
        try
        {
            var outcomes = await guard.RunAsync(token => TryAsync(bulk, span, token), cancellationToken);
            PipelineTelemetry.RecordBulk(bulk.Papers.Count);
            return outcomes;
        }
        catch (Exception failure)
        {
            Bulk.Fail(span, failure, guard.Trouble);
            throw;
        }
    }

    private async Task<IReadOnlyList<WriteOutcome>> TryAsync(Bulk bulk, RootSpan? span, CancellationToken token)
    {
        // While the intake is paused the write is tried on by itself, and the span of the bulk has ended.
        using var alone = span is null || span.Activity == Activity.Current ? null : bulk.StartSpan(index.Identity);
        try
        {
            return await index.WriteAsync(bulk.Papers, token);
        }
        catch (Exception failure)
        {
            Bulk.Fail(alone, failure, null);
            throw;
        }
    }
}
