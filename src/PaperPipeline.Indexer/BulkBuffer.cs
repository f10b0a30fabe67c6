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
        TaskCompletionSource<IReadOnlyList<WriteOutcome>> Done
    );

    /// <summary>Writes the papers with the next bulk; returns when each is durable or refused.</summary>
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        IReadOnlyList<Observation> papers,
        CancellationToken cancellationToken
    )
    {
        var item = new Pending(papers, new(TaskCreationOptions.RunContinuationsAsynchronously));
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
            try
            {
                var started = clock.GetTimestamp();
                var outcomes = await WriteBulkAsync([.. chunks.SelectMany(c => c.Papers)], stoppingToken);
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

    private async Task<IReadOnlyList<WriteOutcome>> WriteBulkAsync(
        IReadOnlyList<Observation> papers,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await guard.RunAsync(token => index.WriteAsync(papers, token), cancellationToken);
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            if (papers.Count == 1)
                return [new WriteOutcome(null, refused.Message)];
            var half = papers.Count / 2;
            return
            [
                .. await WriteBulkAsync([.. papers.Take(half)], cancellationToken),
                .. await WriteBulkAsync([.. papers.Skip(half)], cancellationToken),
            ];
        }
    }
}
