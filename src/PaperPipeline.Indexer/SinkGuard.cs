using PaperPipeline.ServiceDefaults.Messaging.Failures;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>
/// Keeps trouble of the index away from the papers: a write is held and tried again with back-off until the index
/// takes it. Where a broker holds the messages, what was taken goes back after a moment, and one write alone is tried on.
/// </summary>
public sealed class SinkGuard(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private volatile SinkTrouble? trouble;
    private CancellationTokenSource letGo = new();
    private TaskCompletionSource<Func<CancellationToken, Task>>? probe;

    /// <summary>What is wrong with the index now; null when it takes writes.</summary>
    public SinkTrouble? Trouble => trouble;

    /// <summary>Runs a write until it succeeds.</summary>
    /// <exception cref="PutBackException">The index is in trouble that lasts; what is to be written goes back to its queue.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        var release = Held();
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, release);
        try
        {
            for (var pause = Shortest; ; pause = Longer(pause))
            {
                held.Token.ThrowIfCancellationRequested();
                try
                {
                    var result = await write(held.Token);
                    trouble = null;
                    return result;
                }
                catch (StoreUnavailableException unavailable)
                {
                    PipelineTelemetry.NoteRetry("index", unavailable);
                    Note(unavailable, token => write(token));
                }
                await Task.Delay(pause, clock, held.Token);
            }
        }
        catch (OperationCanceledException)
            when (release.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new PutBackException();
        }
    }

    /// <summary>Waits for trouble that lasts; gives the write that failed. From then on what is held can be let go.</summary>
    public Task<Func<CancellationToken, Task>> WaitForTroubleAsync(CancellationToken cancellationToken)
    {
        lock (gate)
            probe = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return probe.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Lets go of all that is held, and of what comes before <see cref="ProbeAsync"/> has succeeded: its messages go back to
    /// their queue.
    /// </summary>
    public void LetGo()
    {
        lock (gate)
            letGo.Cancel();
    }

    /// <summary>Tries a write alone, with back-off, until the index answers it.</summary>
    public async Task ProbeAsync(Func<CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        for (var pause = Shortest; ; pause = Longer(pause))
        {
            try
            {
                await write(cancellationToken);
                break;
            }
            catch (StoreUnavailableException unavailable)
            {
                Note(unavailable, null);
            }
            // An answer too, if no good one: whose fault it is shows when the papers come again.
            catch (Exception refused) when (refused is not OperationCanceledException)
            {
                break;
            }
            await Task.Delay(pause, clock, cancellationToken);
        }
        trouble = null;
        lock (gate)
            letGo = new();
    }

    /// <inheritdoc />
    public void Dispose() => letGo.Dispose();

    private CancellationToken Held()
    {
        lock (gate)
            return letGo.Token;
    }

    private void Note(StoreUnavailableException unavailable, Func<CancellationToken, Task>? write)
    {
        var now = clock.GetUtcNow();
        var noted = new SinkTrouble(unavailable.Message, trouble?.Since ?? now, unavailable.MayPass);
        trouble = noted;
        if (write is null || now - noted.Since < Patience)
            return;
        lock (gate)
            probe?.TrySetResult(write);
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < Longest ? pause * 2 : Longest;
}

/// <summary>The index does not take writes.</summary>
/// <param name="Reason">One line for a person: what is wrong and what to do.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="MayPass">True when it may pass by itself.</param>
public sealed record SinkTrouble(string Reason, DateTimeOffset Since, bool MayPass);
