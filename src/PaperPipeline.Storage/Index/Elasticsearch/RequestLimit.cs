namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>How many requests may be under way: halved when the server says it is too much, and slowly raised again.</summary>
internal sealed class RequestLimit
{
    /// <summary>How many at most.</summary>
    public const int Greatest = 4;

    private const int CalmBeforeGrowth = 20;

    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource> waiting = new();
    private int allowed = Greatest;
    private int taken;
    private int calm;

    /// <summary>Waits for a turn, which ends when it is disposed.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource turn;
            lock (gate)
            {
                if (taken < allowed)
                {
                    taken++;
                    return new Turn(this);
                }
                turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting.Enqueue(turn);
            }
            await turn.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The server was overloaded.</summary>
    public void Shrink()
    {
        lock (gate)
            (allowed, calm) = (Math.Max(1, allowed / 2), 0);
    }

    /// <summary>The server took a request well.</summary>
    public void Grow()
    {
        lock (gate)
        {
            if (++calm < CalmBeforeGrowth || allowed == Greatest)
                return;
            (allowed, calm) = (allowed + 1, 0);
            Wake();
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            taken--;
            Wake();
        }
    }

    // All are woken, because one that gave up waiting must not swallow another's turn.
    private void Wake()
    {
        while (waiting.TryDequeue(out var turn))
            turn.TrySetResult();
    }

    private sealed class Turn(RequestLimit limit) : IDisposable
    {
        public void Dispose() => limit.Leave();
    }
}
