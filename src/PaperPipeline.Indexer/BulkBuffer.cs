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

    /// <summary>How long a bulk waits for more entries, as long as some come or another bulk is under way.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(400);

    // As long must nothing come before a bulk that is not full goes to a server that has nothing to do.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    private readonly Channel<Pending> pending = Channel.CreateBounded<Pending>(64);
    private readonly SemaphoreSlim gathering = new(1, 1);
    private int underWay;

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
        while (await GatherAsync(stoppingToken) is { Count: > 0 } chunks)
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
            finally
            {
                Interlocked.Decrement(ref underWay);
            }
    }

    // One gathers at a time: several would share what comes, and each request costs the server much besides its papers.
    private async Task<List<Pending>> GatherAsync(CancellationToken stoppingToken)
    {
        var chunks = new List<Pending>();
        await gathering.WaitAsync(stoppingToken);
        try
        {
            if (!await pending.Reader.WaitToReadAsync(stoppingToken))
                return chunks;
            var began = clock.GetTimestamp();
            var count = 0;
            do
            {
                while (count < MaxEntries && pending.Reader.TryRead(out var chunk))
                {
                    chunks.Add(chunk);
                    count += chunk.Papers.Count;
                }
            } while (count < MaxEntries && await ComesMoreAsync(began, stoppingToken));
            Interlocked.Increment(ref underWay);
            return chunks;
        }
        finally
        {
            gathering.Release();
        }
    }

    // False when the bulk is old enough, or nothing comes and the server has nothing to do.
    private async Task<bool> ComesMoreAsync(long began, CancellationToken stoppingToken)
    {
        while (true)
        {
            var left = MaxAge - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                return false;
            using var moment = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            moment.CancelAfter(left < Pause ? left : Pause);
            try
            {
                return await pending.Reader.WaitToReadAsync(moment.Token);
            }
            // What was gathered is told that the buffer ends.
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return false;
            }
            catch (OperationCanceledException) when (Volatile.Read(ref underWay) == 0)
            {
                return false;
            }
            catch (OperationCanceledException) { }
        }
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
