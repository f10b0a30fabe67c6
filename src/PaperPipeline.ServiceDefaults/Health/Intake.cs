namespace PaperPipeline.ServiceDefaults.Health;

/// <summary>
/// Whether this process takes messages. While the sink is in trouble none of its endpoints runs, and the broker holds the
/// messages.
/// </summary>
public sealed class Intake(WorkProgress progress) : IDisposable
{
    private readonly SemaphoreSlim changed = new(0);
    private volatile TaskCompletionSource resting = new();
    private volatile string? pausedFor;
    private volatile bool isTurning;

    /// <summary>Why nothing is taken at the moment; null while messages are taken.</summary>
    public string? PausedFor => pausedFor;

    /// <summary>
    /// True while one endpoint finishes what it has before the other may begin: then no queue has a consumer of this process,
    /// and nothing is wrong.
    /// </summary>
    internal bool IsTurning
    {
        get => isTurning;
        set => isTurning = value;
    }

    /// <summary>
    /// Held while messages are taken alone, and by whatever else deals with messages at that moment: when the process dies,
    /// it must be clear of which.
    /// </summary>
    internal SemaphoreSlim Alone { get; } = new(1, 1);

    /// <summary>Stops taking messages; returns when what was taken is settled or has gone back.</summary>
    public Task PauseAsync(string reason, CancellationToken cancellationToken)
    {
        var rests = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (resting, pausedFor) = (rests, reason);
        changed.Release();
        return rests.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes messages again.</summary>
    public void Resume()
    {
        progress.Moved();
        pausedFor = null;
        changed.Release();
    }

    /// <summary>Waits until it was paused or resumed, or for this long.</summary>
    internal Task ChangedAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
        changed.WaitAsync(atMost, cancellationToken);

    /// <summary>Nothing is taken any more.</summary>
    internal void Rests() => resting.TrySetResult();

    /// <inheritdoc />
    public void Dispose()
    {
        changed.Dispose();
        Alone.Dispose();
    }
}
