using System.Diagnostics;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>
/// Writes single documents of one alias: while a bulk is under way, what is to be written next gathers, and goes together.
/// So many small changes cost the server few requests, and one alone waits for nobody.
/// </summary>
internal sealed class GroupedWrites(BulkSender bulk, string alias)
{
    private const int Most = 500;

    private readonly Lock gate = new();
    private readonly Queue<Write> waiting = new();
    private bool sending;

    private sealed record Write(
        string Id,
        DocumentVersion? Known,
        byte[] Source,
        ActivityContext Cause,
        TaskCompletionSource<BulkResult> Done
    );

    /// <summary>Writes one document.</summary>
    /// <param name="id">Its <c>_id</c>.</param>
    /// <param name="known">The version that it must still have; null creates it.</param>
    /// <param name="source">Its content.</param>
    /// <param name="cancellationToken">Ends the waiting, not the write.</param>
    /// <exception cref="StoreUnavailableException">Whether it was written is not known.</exception>
    public Task<BulkResult> WriteAsync(
        string id,
        DocumentVersion? known,
        byte[] source,
        CancellationToken cancellationToken
    )
    {
        var write = new Write(
            id,
            known,
            source,
            BulkSpans.Cause,
            new(TaskCreationOptions.RunContinuationsAsynchronously)
        );
        lock (gate)
        {
            waiting.Enqueue(write);
            if (!sending)
            {
                sending = true;
                _ = SendAllAsync();
            }
        }
        return write.Done.Task.WaitAsync(cancellationToken);
    }

    private async Task SendAllAsync()
    {
        // Not on the way of the one who happened to come first.
        await Task.Yield();
        while (Next() is { Count: > 0 } writes)
            try
            {
                // The span has ended when they are told: who was waited for may be the last thing that a process does.
                foreach (var (write, result) in writes.Zip(await SendAsync(writes)))
                    write.Done.TrySetResult(result);
            }
            catch (Exception failure)
            {
                // All of them are told; each decides for itself whether to try again.
                foreach (var write in writes)
                    write.Done.TrySetException(failure);
            }
    }

    private async Task<BulkResult[]> SendAsync(List<Write> writes)
    {
        using var span = BulkSpans.StartRoot(bulk.Identity, [.. writes.Select(write => write.Cause)]);
        try
        {
            using var body = new BulkBody();
            foreach (var write in writes)
                body.Add(write.Id, write.Known, json => json.WriteRawValue(write.Source, skipInputValidation: true));
            return await bulk.SendAsync(alias, body, CancellationToken.None);
        }
        catch (Exception failure)
        {
            BulkSpans.Failed(span, failure);
            throw;
        }
    }

    private List<Write> Next()
    {
        lock (gate)
        {
            var writes = new List<Write>();
            while (writes.Count < Most && waiting.TryDequeue(out var write))
                writes.Add(write);
            sending = writes.Count > 0;
            return writes;
        }
    }
}
