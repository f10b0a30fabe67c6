using MassTransit;

namespace PaperPipeline.ServiceDefaults.Health;

/// <summary>
/// Whether this process takes messages. While the sink is in trouble the endpoint is stopped: what was taken returns to
/// its queue, and the broker holds it.
/// </summary>
public sealed class Intake(WorkerIdentity worker) : IReceiveEndpointObserver
{
    private volatile IReceiveEndpoint? endpoint;
    private volatile string? pausedFor;

    /// <summary>Why nothing is taken at the moment; null while messages are taken.</summary>
    public string? PausedFor => pausedFor;

    /// <summary>Stops taking messages; what was taken and is not settled goes back.</summary>
    public async Task PauseAsync(string reason, CancellationToken cancellationToken)
    {
        pausedFor = reason;
        if (endpoint is { } taking)
            await taking.Stop(cancellationToken);
    }

    /// <summary>Takes messages again.</summary>
    public void Resume()
    {
        endpoint?.Start(CancellationToken.None);
        pausedFor = null;
    }

    /// <inheritdoc />
    public Task Ready(ReceiveEndpointReady ready)
    {
        if (ready.InputAddress.AbsolutePath.EndsWith('/' + worker.Queue, StringComparison.Ordinal))
            endpoint = ready.ReceiveEndpoint;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    /// <inheritdoc />
    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    /// <inheritdoc />
    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}
