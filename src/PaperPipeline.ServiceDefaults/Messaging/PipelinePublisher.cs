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

    /// <summary>Publishes a message that follows from the one consumed; returns once the transport has it.</summary>
    public Task PublishAsync<T>(ConsumeContext context, T message, CancellationToken cancellationToken)
        where T : class => PublishAsync(context, message, Attempts.Before(context), cancellationToken);

    /// <summary>Publishes a message; returns once the transport has it.</summary>
    public Task PublishAsync<T>(IBus bus, T message, CancellationToken cancellationToken)
        where T : class => PublishAsync(bus, message, 0, cancellationToken);

    /// <summary>Publishes a message, which was tried before.</summary>
    /// <param name="endpoint">Bus or consumed message.</param>
    /// <param name="message">The message.</param>
    /// <param name="attempts">How often it was tried before, see <see cref="Attempts"/>.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task PublishAsync<T>(
        IPublishEndpoint endpoint,
        T message,
        int attempts,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (message is DigestFetched announced)
            inFlight.Announce(announced.Digest);
        if (message is EntryRejected rejected)
            PipelineTelemetry.NoteDeadLetter(rejected);
        if (message is PapersParsed chunk)
            await inFlight.EnterAsync(chunk.Digest, [.. chunk.Entries.Select(e => e.Ordinal)], cancellationToken);
        using var trace = message is DigestFetched fetched ? PipelineTelemetry.ContinueRetrieval(fetched) : null;
        await BoundedAsync<T>(
            token => endpoint.Publish(message, context => Prepare(context, attempts), token),
            cancellationToken
        );
    }

    /// <summary>Does a piece of work with the bus within 10 s.</summary>
    /// <exception cref="TimeoutException">It takes longer.</exception>
    internal static async Task BoundedAsync<T>(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Timeout);
        try
        {
            // A publish that a dying connection has caught may not look at its token any more.
            await work(bounded.Token).WaitAsync(bounded.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{typeof(T).Name} could not be published within {Timeout.TotalSeconds:0} s.",
                late
            );
        }
    }

    // A message that no queue takes comes back as an exception instead of being dropped.
    internal static void Prepare(PublishContext context, int attempts)
    {
        if (context.TryGetPayload<RabbitMqSendContext>(out var sent))
            sent.Mandatory = true;
        if (attempts > 0)
            context.Headers.Set(Attempts.Header, attempts);
    }
}
