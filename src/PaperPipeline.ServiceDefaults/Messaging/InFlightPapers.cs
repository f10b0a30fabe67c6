using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>
/// The papers between parser and index in this process. The in-memory bus has no back-pressure, so the parser waits
/// here: memory does not grow with the digest.
/// </summary>
/// <param name="limit">Greatest number of unsettled papers; null where a broker holds the messages.</param>
public sealed class InFlightPapers(int? limit) : IDisposable
{
    private readonly Lock gate = new();
    private readonly HashSet<(string Digest, int Ordinal)> papers = [];
    private readonly Dictionary<string, int> perDigest = new(StringComparer.Ordinal);
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource closing = new();
    private long settled;

    /// <summary>Number of papers settled since the process started; it only grows.</summary>
    public long Settled => Interlocked.Read(ref settled);

    /// <summary>Waits for room and takes the papers in; a paper that is in flight already is not counted twice.</summary>
    /// <exception cref="PipelineClosedException">The process stops.</exception>
    public async Task EnterAsync(string digest, IReadOnlyList<int> ordinals, CancellationToken cancellationToken)
    {
        // A broker holds what nobody has taken yet, and other processes settle it.
        if (limit is null)
            return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (closing.IsCancellationRequested)
                throw new PipelineClosedException();
            Task wait;
            lock (gate)
            {
                if (papers.Count == 0 || papers.Count + ordinals.Count <= limit)
                {
                    var before = papers.Count;
                    foreach (var ordinal in ordinals)
                        if (papers.Add((digest, ordinal)))
                            perDigest[digest] = perDigest.GetValueOrDefault(digest) + 1;
                    PipelineTelemetry.MoveInFlight(papers.Count - before);
                    return;
                }
                wait = changed.Task;
            }
            try
            {
                await wait.WaitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                // The loop says which of the two it was.
            }
        }
    }

    /// <summary>The paper is settled: in the index, or a dead letter. Saying it again does nothing.</summary>
    public void Leave(string digest, int ordinal)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            if (!papers.Remove((digest, ordinal)))
                return;
            if (--perDigest[digest] == 0)
                perDigest.Remove(digest);
            waiting = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        Interlocked.Increment(ref settled);
        PipelineTelemetry.MoveInFlight(-1);
        waiting.SetResult();
    }

    /// <summary>The digest is announced: it is to be read.</summary>
    public void Announce(string digest)
    {
        lock (gate)
            read.Remove(digest);
    }

    /// <summary>The digest was read to its end, or cannot be read.</summary>
    public void Read(string digest)
    {
        lock (gate)
            read.Add(digest);
    }

    /// <summary>
    /// True when a digest that was announced was read and has no papers in flight: then it is worth asking the ledger
    /// whether it is settled.
    /// </summary>
    public bool IsQuiet(string digest)
    {
        lock (gate)
            return read.Contains(digest) && !perDigest.ContainsKey(digest);
    }

    /// <summary>The process stops: nothing more is let in, and who waits is sent away.</summary>
    public void Close() => closing.Cancel();

    /// <summary>Something other than a paper was settled, such as a digest as a whole.</summary>
    public void Progress() => Interlocked.Increment(ref settled);

    /// <inheritdoc />
    public void Dispose() => closing.Dispose();
}
