using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>
/// The one place that publishes: bounded in time, because a publish without a time-out inside a consumer can leave a
/// worker without consumers, and with the in-memory bus's back-pressure.
/// </summary>
public sealed class PipelinePublisher(InFlightPapers inFlight)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // A message that no queue takes comes back as an exception instead of being dropped.
    private static void RequireQueue<T>(PublishContext<T> context)
        where T : class
    {
        if (context.TryGetPayload<RabbitMqSendContext>(out var sent))
            sent.Mandatory = true;
    }

    /// <summary>Publishes a message; returns once the transport has it.</summary>
    public async Task PublishAsync<T>(IPublishEndpoint endpoint, T message, CancellationToken cancellationToken)
        where T : class
    {
        if (message is DigestFetched announced)
            inFlight.Announce(announced.Digest);
        if (message is PapersParsed chunk)
            await inFlight.EnterAsync(chunk.Digest, [.. chunk.Entries.Select(e => e.Ordinal)], cancellationToken);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Timeout);
        using var trace = message is DigestFetched fetched ? PipelineTelemetry.ContinueRetrieval(fetched) : null;
        try
        {
            await endpoint.Publish(message, RequireQueue, bounded.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{typeof(T).Name} could not be published within {Timeout.TotalSeconds:0} s.",
                late
            );
        }
    }
}
