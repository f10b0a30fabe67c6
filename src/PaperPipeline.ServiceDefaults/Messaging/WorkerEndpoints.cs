using System.Collections.Concurrent;
using MassTransit;
using PaperPipeline.ServiceDefaults.Health;
using PaperPipeline.ServiceDefaults.Messaging.Failures;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>
/// The endpoints that take a worker's messages, one for its stage's queue and one for the messages taken alone. None runs
/// before it is started.
/// </summary>
/// <param name="bus">The bus; it has started.</param>
/// <param name="worker">Whose queue it is.</param>
/// <param name="consumers">The consumers of its stage.</param>
/// <param name="writer">Puts messages back.</param>
/// <param name="drain">When a worker that ends lets go of its messages.</param>
internal sealed class WorkerEndpoints(
    IReceiveEndpointConnector bus,
    WorkerIdentity worker,
    IReadOnlyList<Type> consumers,
    QueueWriter writer,
    Drain drain
)
{
    private readonly Dictionary<string, IReceiveEndpoint> endpoints = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> faulted = new(StringComparer.Ordinal);

    /// <summary>True while the endpoint of a queue was started, has failed, and is not ready again.</summary>
    public bool IsFaulted(string queue) => faulted.ContainsKey(queue);

    /// <summary>Begins to take messages from one of the queues, as soon as the broker lets it.</summary>
    public void Start(string queue)
    {
        faulted.TryRemove(queue, out _);
        if (endpoints.TryGetValue(queue, out var known))
            known.Start(CancellationToken.None);
        else
            endpoints[queue] = bus.ConnectReceiveEndpoint(
                queue,
                (context, endpoint) => Configure(context, (IRabbitMqReceiveEndpointConfigurator)endpoint, queue)
            ).ReceiveEndpoint;
    }

    /// <summary>Takes no more from a queue; returns when what was taken is settled or has gone back.</summary>
    public Task StopAsync(string queue) => endpoints[queue].Stop(drain.Lost);

    private void Configure(IBusRegistrationContext context, IRabbitMqReceiveEndpointConfigurator endpoint, string queue)
    {
        var isAlone = queue != worker.Queue;
        var prefetch = isAlone ? 1 : worker.Prefetch;
        // Nothing is published to what is taken alone: it is put there.
        endpoint.ConfigureConsumeTopology = !isAlone;
        // Faults go to the error queue, which its worker empties; published, nobody might be there for them.
        endpoint.PublishFaults = false;
        endpoint.PrefetchCount = prefetch;
        endpoint.ConcurrentMessageLimit = prefetch;
        endpoint.ConnectReceiveEndpointObserver(new Faults(queue, faulted));
        QueueArguments.Apply(worker.Queue, endpoint);
        endpoint.UseFilter(new PutBackFilter(queue, writer, drain));
        if (Failpoint.Read() is { } failpoint)
            endpoint.UseFilter(failpoint);
        MessagingExtensions.UseRetry(endpoint);
        // One by one: configured together, they would be left out of the second endpoint.
        foreach (var consumer in consumers)
            endpoint.ConfigureConsumer(context, consumer);
    }

    private sealed class Faults(string queue, ConcurrentDictionary<string, bool> faulted) : IReceiveEndpointObserver
    {
        public Task Ready(ReceiveEndpointReady ready)
        {
            faulted.TryRemove(queue, out _);
            return Task.CompletedTask;
        }

        public Task Faulted(ReceiveEndpointFaulted fault)
        {
            faulted[queue] = true;
            return Task.CompletedTask;
        }

        public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

        public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;
    }
}
