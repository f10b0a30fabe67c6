using System.Collections.Concurrent;
using MassTransit;
using PaperPipeline.ServiceDefaults.Health;
using PaperPipeline.ServiceDefaults.Messaging.Failures;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>How far an endpoint has come that is to take messages.</summary>
internal enum Opening
{
    /// <summary>The broker has not let it consume yet; a bus that gave it up for a time-out leaves it so.</summary>
    Awaited,

    /// <summary>It consumes.</summary>
    Ready,

    /// <summary>It has failed, and is not ready again.</summary>
    Faulted,
}

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
    private readonly ConcurrentDictionary<string, Opening> openings = new(StringComparer.Ordinal);

    /// <summary>How far an endpoint that was started has come.</summary>
    public Opening OpeningOf(string queue) => openings.GetValueOrDefault(queue);

    /// <summary>Begins to take messages from one of the queues, as soon as the broker lets it.</summary>
    public void Start(string queue)
    {
        openings[queue] = Opening.Awaited;
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
        // What leads to the queue is made before. The bus would declare all of it at once, and where the broker refuses one of
        // several, wait for the others until its time is up.
        endpoint.ConfigureConsumeTopology = false;
        // Faults go to the error queue, which its worker empties; published, nobody might be there for them.
        endpoint.PublishFaults = false;
        endpoint.PrefetchCount = prefetch;
        endpoint.ConcurrentMessageLimit = prefetch;
        endpoint.ConnectReceiveEndpointObserver(new Observer(queue, openings));
        QueueArguments.Apply(worker.Queue, endpoint);
        endpoint.UseFilter(new PutBackFilter(queue, writer, drain));
        if (Failpoint.Read() is { } failpoint)
            endpoint.UseFilter(failpoint);
        MessagingExtensions.UseRetry(endpoint);
        // One by one: configured together, they would be left out of the second endpoint.
        foreach (var consumer in consumers)
            endpoint.ConfigureConsumer(context, consumer);
    }

    private sealed class Observer(string queue, ConcurrentDictionary<string, Opening> openings)
        : IReceiveEndpointObserver
    {
        public Task Ready(ReceiveEndpointReady ready)
        {
            openings[queue] = Opening.Ready;
            return Task.CompletedTask;
        }

        public Task Faulted(ReceiveEndpointFaulted fault)
        {
            openings[queue] = Opening.Faulted;
            return Task.CompletedTask;
        }

        public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

        public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;
    }
}
