using System.Collections.Concurrent;
using MassTransit;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.ServiceDefaults.Health;

/// <summary>
/// Whether this process takes messages. While the sink is in trouble its endpoints are stopped, and the broker holds the
/// messages.
/// </summary>
public sealed class Intake(WorkerIdentity worker, WorkProgress progress) : IReceiveEndpointObserver
{
    private readonly ConcurrentDictionary<string, IReceiveEndpoint> endpoints = new(StringComparer.Ordinal);
    private volatile string? pausedFor;

    /// <summary>Why nothing is taken at the moment; null while messages are taken.</summary>
    public string? PausedFor => pausedFor;

    /// <summary>Stops taking messages; returns when what was taken is settled or has gone back.</summary>
    public Task PauseAsync(string reason, CancellationToken cancellationToken)
    {
        pausedFor = reason;
        return Task.WhenAll(endpoints.Values.Select(endpoint => endpoint.Stop(cancellationToken)));
    }

    /// <summary>Takes messages again.</summary>
    public void Resume()
    {
        foreach (var endpoint in endpoints.Values)
            endpoint.Start(CancellationToken.None);
        progress.Moved();
        pausedFor = null;
    }

    /// <inheritdoc />
    public Task Ready(ReceiveEndpointReady ready)
    {
        var queue = ready.InputAddress.AbsolutePath[(ready.InputAddress.AbsolutePath.LastIndexOf('/') + 1)..];
        if (queue == worker.Queue || queue == QueueNames.Alone(worker.Queue))
            endpoints[queue] = ready.ReceiveEndpoint;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    /// <inheritdoc />
    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    /// <inheritdoc />
    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}
